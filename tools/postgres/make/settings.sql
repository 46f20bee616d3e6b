-- What can be said only once the databases are filled.

ALTER DATABASE template_tenant IS_TEMPLATE true;
ALTER DATABASE archive_2019 ALLOW_CONNECTIONS false;
REVOKE CONNECT ON DATABASE "Abrechnung" FROM PUBLIC;
