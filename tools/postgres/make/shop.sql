-- An online shop: a catalogue, orders by month, page views by week, stock by warehouse.
SET ROLE shop_owner;

CREATE SCHEMA catalog;
CREATE SCHEMA sales;
CREATE SCHEMA inventory;
CREATE SCHEMA shipping;
CREATE SCHEMA marketing;
CREATE SCHEMA web;

CREATE TABLE catalog.brands (id int PRIMARY KEY, name text NOT NULL, country char(2));
CREATE TABLE catalog.categories (
  id int PRIMARY KEY, parent int REFERENCES catalog.categories, name text NOT NULL);
CREATE TABLE catalog.products (
  id bigint PRIMARY KEY, brand int REFERENCES catalog.brands, sku text UNIQUE, title text,
  description text, weight_grams int, created_at timestamptz DEFAULT '2024-01-01');
CREATE TABLE catalog.product_categories (
  product bigint REFERENCES catalog.products, category int REFERENCES catalog.categories,
  PRIMARY KEY (product, category));
CREATE TABLE catalog.variants (
  id bigint PRIMARY KEY, product bigint REFERENCES catalog.products, colour text, size text);
CREATE TABLE catalog.prices (
  variant bigint, currency char(3), amount numeric(12, 2), valid_from date,
  PRIMARY KEY (variant, currency, valid_from));
CREATE TABLE catalog.images (id bigint PRIMARY KEY, product bigint, url text, position int);
CREATE TABLE catalog.attributes (product bigint, name text, value jsonb, PRIMARY KEY (product, name));
CREATE TABLE catalog.translations (
  product bigint, language char(2), title text, body text, PRIMARY KEY (product, language));
CREATE TABLE catalog."reviews & ratings" (
  id bigint PRIMARY KEY, product bigint, stars smallint, body text);

CREATE TABLE sales.customers (
  id bigint PRIMARY KEY, email text UNIQUE, name text, country char(2), since date);
CREATE TABLE sales.addresses (id bigint PRIMARY KEY, customer bigint, street text, city text);
CREATE TABLE sales.carts (id uuid PRIMARY KEY, customer bigint, items jsonb, touched timestamptz);
CREATE TABLE sales.coupons (code text PRIMARY KEY, percent int, expires date);
CREATE TABLE sales.gift_cards (code text PRIMARY KEY, balance numeric(10, 2));
CREATE TABLE sales.refunds (id bigint PRIMARY KEY, order_id bigint, amount numeric(12, 2));
CREATE TABLE sales.payment_methods (id bigint PRIMARY KEY, customer bigint, kind text, token text);
CREATE TABLE sales.tax_rates (country char(2), class text, rate numeric(5, 3));
CREATE TABLE sales.orders (
  id bigint, customer bigint, placed_at date NOT NULL, total numeric(12, 2), status text,
  PRIMARY KEY (id, placed_at)) PARTITION BY RANGE (placed_at);
CREATE TABLE sales.order_items (
  order_id bigint, line int, variant bigint, quantity int, placed_at date NOT NULL,
  PRIMARY KEY (order_id, line, placed_at)) PARTITION BY RANGE (placed_at);

CREATE TABLE inventory.warehouses (id int PRIMARY KEY, code text, country char(2));
CREATE TABLE inventory.suppliers (id int PRIMARY KEY, name text, lead_time interval);
CREATE TABLE inventory.purchase_orders (id bigint PRIMARY KEY, supplier int, placed date);
CREATE TABLE inventory.movements (id bigint PRIMARY KEY, variant bigint, delta int, reason text);
CREATE TABLE inventory.stock (
  variant bigint, warehouse int, quantity int, PRIMARY KEY (variant, warehouse))
  PARTITION BY HASH (variant);

CREATE TABLE shipping.carriers (id int PRIMARY KEY, name text);
CREATE TABLE shipping.shipments (id bigint PRIMARY KEY, order_id bigint, carrier int, label bytea);
CREATE TABLE shipping.tracking_events (shipment bigint, at timestamptz, place text, state text);
CREATE TABLE shipping.zones (id int PRIMARY KEY, countries text[]);
CREATE TABLE shipping.tariffs (zone int, up_to_grams int, price numeric(8, 2));
CREATE TABLE shipping.returns (id bigint PRIMARY KEY, shipment bigint, reason text);

CREATE TABLE marketing.campaigns (id int PRIMARY KEY, name text, budget numeric);
CREATE TABLE marketing.audiences (id int PRIMARY KEY, rule jsonb);
CREATE TABLE marketing.emails_sent (id bigint PRIMARY KEY, customer bigint, campaign int);
CREATE TABLE marketing.unsubscribed (email text PRIMARY KEY, at timestamptz);
CREATE UNLOGGED TABLE web.sessions (id uuid PRIMARY KEY, customer bigint, data jsonb);
CREATE TABLE web.redirects (source text PRIMARY KEY, target text);
CREATE TABLE web.page_views (
  at date NOT NULL, path text, customer bigint, referrer text) PARTITION BY RANGE (at);

SELECT format(
  'CREATE TABLE sales.%1$s_%2$s PARTITION OF sales.%1$s FOR VALUES FROM (%3$L) TO (%4$L)',
  parent, to_char(month, 'YYYY_MM'), month::date, (month + interval '1 month')::date)
FROM unnest(ARRAY['orders', 'order_items']) AS parent,
  generate_series(date '2023-01-01', '2026-12-01', interval '1 month') AS month
ORDER BY parent, month \gexec
SELECT format(
  'CREATE TABLE web.page_views_%s PARTITION OF web.page_views FOR VALUES FROM (%L) TO (%L)',
  to_char(week, 'IYYY_"w"IW'), week::date, (week + interval '1 week')::date)
FROM generate_series(date '2024-12-30', '2026-12-21', interval '1 week') AS week
ORDER BY week \gexec
SELECT format(
  'CREATE TABLE inventory.stock_%s PARTITION OF inventory.stock
   FOR VALUES WITH (MODULUS 32, REMAINDER %s)', to_char(part, 'FM00'), part)
FROM generate_series(0, 31) AS part ORDER BY part \gexec

INSERT INTO catalog.brands SELECT n, 'Brand ' || n, 'DE' FROM generate_series(1, 120) AS n;
INSERT INTO catalog.products (id, brand, sku, title)
  SELECT n, 1 + n % 120, 'SKU-' || n, 'Product ' || n FROM generate_series(1, 5000) AS n;
INSERT INTO sales.customers
  SELECT n, 'c' || n || '@example.org', 'Customer ' || n, 'AT', date '2023-01-01' + n % 900
  FROM generate_series(1, 8000) AS n;
INSERT INTO sales.orders
  SELECT n, 1 + n % 8000, date '2023-01-01' + n % 1200, n % 300, 'paid'
  FROM generate_series(1, 20000) AS n;
INSERT INTO sales.order_items
  SELECT n / 2, n % 2, n % 5000, 1, date '2023-01-01' + (n / 2) % 1200
  FROM generate_series(2, 40001) AS n;
INSERT INTO inventory.stock SELECT n, n % 7, n % 90 FROM generate_series(1, 12000) AS n;
INSERT INTO web.page_views
  SELECT date '2024-12-30' + n % 690, '/p/' || n % 5000, n % 8000, NULL
  FROM generate_series(1, 25000) AS n;

CREATE MATERIALIZED VIEW sales.revenue_by_month AS
  SELECT date_trunc('month', placed_at) AS month, sum(total) AS revenue FROM sales.orders GROUP BY 1;
