-- Every role of pg_authid: pg_roles, but with the SCRAM verifiers in place of asterisks.
SELECT '[' || E'\n' || string_agg(json_strip_nulls(row_to_json(r))::text, E',\n'
  ORDER BY r.oid) || E'\n]'
FROM (
  SELECT a.oid::bigint, a.rolname, a.rolsuper, a.rolinherit, a.rolcreaterole, a.rolcreatedb,
    a.rolcanlogin, a.rolreplication, a.rolbypassrls, a.rolconnlimit, a.rolvaliduntil,
    a.rolpassword,
    (SELECT json_agg(pg_get_userbyid(m.roleid) ORDER BY m.roleid)
      FROM pg_auth_members AS m WHERE m.member = a.oid) AS member_of
  FROM pg_authid AS a
) AS r;
