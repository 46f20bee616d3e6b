-- The user tables of this database: plain, partitioned, partitions, materialised views.
SELECT '{"database":' || to_json(current_database())::text || ',"tables":[' || E'\n'
  || string_agg(json_strip_nulls(row_to_json(c))::text, E',\n' ORDER BY c.oid) || E'\n]}'
FROM (
  SELECT c.oid::bigint, n.nspname, c.relname, c.relkind, c.relpersistence,
    pg_get_userbyid(c.relowner) AS owner, c.relnatts, c.reltuples::bigint, c.relpages,
    pg_total_relation_size(c.oid) AS bytes, i.inhparent::bigint AS parent,
    pg_get_expr(c.relpartbound, c.oid) AS bound, pg_get_partkeydef(c.oid) AS partition_key
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid
  WHERE c.relkind IN ('r', 'p', 'm')
    AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
) AS c;
