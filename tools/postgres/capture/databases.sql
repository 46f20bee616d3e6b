-- Every database of pg_database, with names for what the catalog gives as numbers.
SELECT '[' || E'\n' || string_agg(json_strip_nulls(row_to_json(d))::text, E',\n'
  ORDER BY d.oid) || E'\n]'
FROM (
  SELECT d.oid::bigint, d.datname, pg_get_userbyid(d.datdba) AS owner,
    pg_encoding_to_char(d.encoding) AS encoding, d.datlocprovider, d.datcollate, d.datctype,
    d.daticulocale, d.datistemplate, d.datallowconn, d.datconnlimit,
    t.oid::bigint AS dattablespace, t.spcname, pg_database_size(d.oid) AS bytes
  FROM pg_database AS d JOIN pg_tablespace AS t ON t.oid = d.dattablespace
) AS d;
