-- What every tenant gets; the template that new ones are made from.
SET ROLE tenant_admin;
\set schema public
\ir tenant-tables.sql
