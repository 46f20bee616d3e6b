-- Book-keeping in six countries: a schema each, invoices by year, postings by quarter.
SET ROLE "Buchhaltung";

CREATE TABLE public."Mandanten" ("Nr" int PRIMARY KEY, "Name" text, "Währung" char(3));
CREATE TABLE public."Kontenplan" ("Konto" int PRIMARY KEY, "Bezeichnung" text);
CREATE TABLE public."Wechselkurse" ("Tag" date, "Währung" char(3), "Kurs" numeric(12, 6));
INSERT INTO public."Wechselkurse"
  SELECT date '2019-01-01' + n / 6, 'CHF', 1 + n % 100 / 1000.0 FROM generate_series(0, 15000) AS n;

SELECT format($sql$
  CREATE SCHEMA %1$I;
  CREATE TABLE %1$I."Debitoren" ("Nr" bigint PRIMARY KEY, "Name" text, "Ort" text);
  CREATE TABLE %1$I."Kreditoren" ("Nr" bigint PRIMARY KEY, "Name" text, "IBAN" text);
  CREATE TABLE %1$I."Mahnungen" ("Rechnung" bigint, "Stufe" int, "Datum" date);
  CREATE TABLE %1$I."Rechnungen" ("Nr" bigint, "Datum" date NOT NULL, "Betrag" numeric(14, 2),
    PRIMARY KEY ("Nr", "Datum")) PARTITION BY RANGE ("Datum");
  CREATE TABLE %1$I."Buchungen" ("Nr" bigint, "Datum" date NOT NULL, "Soll" int, "Haben" int,
    "Betrag" numeric(14, 2)) PARTITION BY RANGE ("Datum");
  INSERT INTO %1$I."Debitoren" SELECT n, 'Debitor ' || n, 'Ort' FROM generate_series(1, %2$s) AS n;
$sql$, country, 100 * position)
FROM unnest(ARRAY['at', 'be', 'ch', 'de', 'fr', 'nl']) WITH ORDINALITY AS c(country, position)
ORDER BY country \gexec

SELECT format(
  'CREATE TABLE %1$I.%2$I PARTITION OF %1$I."Rechnungen" FOR VALUES FROM (%3$L) TO (%4$L)',
  country, 'Rechnungen ' || year, year || '-01-01', year + 1 || '-01-01')
FROM unnest(ARRAY['at', 'be', 'ch', 'de', 'fr', 'nl']) AS country,
  generate_series(2019, 2026) AS year
ORDER BY country, year \gexec
SELECT format(
  'CREATE TABLE %1$I.%2$I PARTITION OF %1$I."Buchungen" FOR VALUES FROM (%3$L) TO (%4$L)',
  country, 'Buchungen ' || to_char(quarter, 'YYYY-"Q"Q'), quarter::date,
  (quarter + interval '3 months')::date)
FROM unnest(ARRAY['at', 'be', 'ch', 'de', 'fr', 'nl']) AS country,
  generate_series(date '2023-01-01', '2026-10-01', interval '3 months') AS quarter
ORDER BY country, quarter \gexec

INSERT INTO de."Buchungen"
  SELECT n, date '2023-01-01' + n % 1400, 1200, 8400, n % 1000 FROM generate_series(1, 10000) AS n;
