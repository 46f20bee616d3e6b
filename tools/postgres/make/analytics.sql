-- A warehouse in star form; names as its owners write them.
SET ROLE "分析者";

CREATE SCHEMA "事实";
CREATE SCHEMA "维度";
SELECT format('CREATE TABLE "维度".%I (id int PRIMARY KEY, "名称" text)', name)
FROM unnest(ARRAY['日期', '产品', '客户', '仓库', '渠道', '货币', '地区', '员工']) AS name \gexec
CREATE TABLE "事实"."销售" (
  "日期" int, "产品" int, "客户" int, "金额" numeric(14, 2)) PARTITION BY LIST ("日期");
SELECT format('CREATE TABLE "事实".%I PARTITION OF "事实"."销售" FOR VALUES IN (%s)',
  '销售_' || day, day)
FROM generate_series(20260101, 20260112) AS day \gexec
CREATE TABLE "事实"."库存" ("日期" int, "产品" int, "仓库" int, "数量" int);
INSERT INTO "事实"."销售"
  SELECT 20260101 + n % 12, n % 500, n % 900, n FROM generate_series(1, 9000) AS n;
CREATE MATERIALIZED VIEW "事实"."销售汇总" AS
  SELECT "产品", sum("金额") AS "总额" FROM "事实"."销售" GROUP BY 1;
