-- Forty-eight tenants, a schema each; every seventh is large.
SET ROLE tenant_admin;

CREATE SCHEMA prototype;
\set schema prototype
\ir tenant-tables.sql

CREATE TABLE public.tenants (schema text PRIMARY KEY, name text, plan text);
INSERT INTO public.tenants
  SELECT 'tenant_' || to_char(n, 'FM000'), 'Tenant ' || n,
    CASE WHEN n % 7 = 0 THEN 'large' ELSE 'small' END
  FROM generate_series(1, 48) AS n;

SELECT format('CREATE SCHEMA %I', schema) FROM public.tenants ORDER BY schema \gexec
SELECT format(
  'CREATE TABLE %1$I.%2$I (LIKE prototype.%2$I INCLUDING ALL)', schema, tablename)
FROM public.tenants, pg_tables WHERE schemaname = 'prototype'
ORDER BY schema, tablename \gexec
SELECT format($sql$
  INSERT INTO %1$I.users SELECT n, 'u' || n || '@example.org', 'member', '2025-01-01'
    FROM generate_series(1, %2$s) AS n;
  INSERT INTO %1$I.tickets SELECT n, n %% 20, 'Ticket ' || n, 'open', repeat('x', 80)
    FROM generate_series(1, %2$s * 4) AS n;
$sql$, schema, CASE plan WHEN 'large' THEN 2000 ELSE 40 END)
FROM public.tenants ORDER BY schema \gexec
