-- Measurements by region, then by month: partitions two levels deep.
SET ROLE ingest;

CREATE SCHEMA raw;
CREATE TABLE public.devices (id bigint PRIMARY KEY, region text, model text, installed date);
CREATE TABLE public.alerts (id bigint PRIMARY KEY, device bigint, rule text, at timestamptz);
CREATE TABLE public.firmware (version text PRIMARY KEY, released date, image_digest bytea);
INSERT INTO public.devices
  SELECT n, 'eu', 'meter-' || n % 9, date '2025-01-01' FROM generate_series(1, 6000) AS n;

SELECT format(
  'CREATE TABLE raw.%I (device bigint, region text NOT NULL, at timestamptz NOT NULL, value float8)
   PARTITION BY LIST (region)', kind)
FROM unnest(ARRAY['current', 'power', 'temperature', 'voltage']) AS kind ORDER BY kind \gexec
SELECT format(
  'CREATE TABLE raw.%1$I PARTITION OF raw.%2$I FOR VALUES IN (%3$L) PARTITION BY RANGE (at)',
  kind || '_' || region, kind, region)
FROM unnest(ARRAY['current', 'power', 'temperature', 'voltage']) AS kind,
  unnest(ARRAY['ap', 'eu', 'us']) AS region
ORDER BY kind, region \gexec
SELECT format(
  'CREATE TABLE raw.%1$I PARTITION OF raw.%2$I FOR VALUES FROM (%3$L) TO (%4$L)',
  kind || '_' || region || '_' || to_char(month, 'YYYYMM'), kind || '_' || region,
  month, month + interval '1 month')
FROM unnest(ARRAY['current', 'power', 'temperature', 'voltage']) AS kind,
  unnest(ARRAY['ap', 'eu', 'us']) AS region,
  generate_series(timestamp '2025-01-01', '2026-12-01', interval '1 month') AS month
ORDER BY kind, region, month \gexec

INSERT INTO raw.power
  SELECT n % 6000, (ARRAY['ap', 'eu', 'us'])[1 + n % 3],
    timestamptz '2025-01-01 00:00+00' + n * interval '23 minutes', n % 230
  FROM generate_series(1, 30000) AS n;
