SELECT json_build_object('version', version(),
  'server_version_num', current_setting('server_version_num')::int);
