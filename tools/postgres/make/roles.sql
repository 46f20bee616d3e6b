-- People, services and groups of a company of some size. The passwords open nothing.

CREATE ROLE engineering NOLOGIN;
CREATE ROLE readonly NOLOGIN;
CREATE ROLE auditors NOLOGIN NOINHERIT;

CREATE ROLE dba LOGIN SUPERUSER PASSWORD 'throwaway dba';
CREATE ROLE migrator LOGIN CREATEDB CREATEROLE PASSWORD 'throwaway migrator' CONNECTION LIMIT 4;
CREATE ROLE replicator LOGIN REPLICATION PASSWORD 'throwaway replicator' CONNECTION LIMIT 8;
CREATE ROLE backup LOGIN BYPASSRLS PASSWORD 'throwaway backup' CONNECTION LIMIT 2;

CREATE ROLE shop_owner LOGIN PASSWORD 'throwaway shop' CONNECTION LIMIT 40;
CREATE ROLE shop_web LOGIN PASSWORD 'throwaway web' CONNECTION LIMIT 400 IN ROLE readonly;
CREATE ROLE "Buchhaltung" LOGIN PASSWORD 'throwaway Buchhaltung'
  VALID UNTIL '2027-12-31 23:59:59+01';
CREATE ROLE "svc-billing" LOGIN NOINHERIT PASSWORD 'throwaway svc' IN ROLE "Buchhaltung";
CREATE ROLE ingest LOGIN PASSWORD 'throwaway ingest' CONNECTION LIMIT 200;
CREATE ROLE tenant_admin LOGIN CREATEROLE PASSWORD 'throwaway tenants' IN ROLE engineering;
CREATE ROLE erp LOGIN PASSWORD 'throwaway erp' CONNECTION LIMIT 25;
CREATE ROLE "ci-runner" LOGIN CREATEDB PASSWORD 'throwaway ci' VALID UNTIL 'infinity';

CREATE ROLE "Zoë Müller" LOGIN PASSWORD 'throwaway Zoë' IN ROLE engineering, readonly;
CREATE ROLE "o'brien" LOGIN PASSWORD 'throwaway o''brien' IN ROLE engineering;
CREATE ROLE "分析者" LOGIN PASSWORD 'throwaway 分析者' IN ROLE readonly;
CREATE ROLE contractor LOGIN PASSWORD 'throwaway contractor'
  VALID UNTIL '2024-06-30 18:00:00+00' CONNECTION LIMIT 1 IN ROLE readonly;
CREATE ROLE suspended NOLOGIN PASSWORD 'throwaway suspended' CONNECTION LIMIT 0 IN ROLE auditors;
