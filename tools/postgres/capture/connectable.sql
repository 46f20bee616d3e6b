SELECT oid, datname FROM pg_database
WHERE datallowconn AND datname NOT IN ('postgres', 'template1') ORDER BY oid;
