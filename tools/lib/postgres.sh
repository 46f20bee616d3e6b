# A PostgreSQL server for the length of one script: its files in a temporary directory, reachable
# through a Unix socket there and nowhere else.

start_server() {
  server_programs=$(find_server_programs)
  server_directory=$(mktemp -d "${TMPDIR:-/tmp}/aion-postgres.XXXXXX")
  trap remove_server EXIT
  make_locales
  mkdir "$server_directory/tablespace" "$server_directory/socket"
  server_user=$(id -un)
  if [[ $(id -u) -eq 0 ]]; then
    server_user=postgres # initdb refuses root
    chown -R "$server_user" "$server_directory"
  fi
  say "Starting PostgreSQL in $server_directory …"
  as_server_user "$server_programs/initdb" --pgdata="$server_directory/data" \
    --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  # Without autovacuum the captured row counts and sizes are the same in every run.
  cat >>"$server_directory/data/postgresql.conf" <<SETTINGS
listen_addresses = ''
unix_socket_directories = '$server_directory/socket'
password_encryption = 'scram-sha-256'
autovacuum = off
fsync = off
SETTINGS
  as_server_user "$server_programs/pg_ctl" start --wait --silent \
    --pgdata="$server_directory/data" --log="$server_directory/log" ||
    fail "PostgreSQL did not start: $(tail -n 5 "$server_directory/log")"
}

# query DATABASE [psql's options]…
query() {
  local database=$1
  shift
  PGTZ=UTC PGCLIENTENCODING=UTF8 PGOPTIONS='--client-min-messages=warning' \
    "$server_programs/psql" --host="$server_directory/socket" --username=postgres \
    --dbname="$database" --no-psqlrc --quiet --tuples-only --no-align \
    --set=ON_ERROR_STOP=1 "$@"
}

remove_server() {
  if [[ -e $server_directory/data/postmaster.pid ]]; then
    as_server_user "$server_programs/pg_ctl" stop --mode=immediate --silent \
      --pgdata="$server_directory/data" || true
  fi
  rm -rf "$server_directory"
}

as_server_user() {
  local environment=(env "LC_ALL=C" "LOCPATH=$server_directory/locales")
  # The caller's directory may be closed to that user.
  if [[ $server_user == "$(id -un)" ]]; then
    (cd "$server_directory" && "${environment[@]}" "$@")
  else
    (cd "$server_directory" && runuser -u "$server_user" -- "${environment[@]}" "$@")
  fi
}

find_server_programs() {
  local candidate
  for candidate in /usr/lib/postgresql/15/bin /opt/homebrew/opt/postgresql@15/bin \
    /usr/local/opt/postgresql@15/bin; do
    if [[ -x $candidate/initdb ]]; then
      echo "$candidate"
      return
    fi
  done
  fail "PostgreSQL 15's initdb is in none of the usual places."
}

# Compiled into the temporary directory, so that the machine's own list of locales stays as it is.
make_locales() {
  mkdir "$server_directory/locales"
  [[ $(uname) != Darwin ]] || return 0
  cp -R /usr/lib/locale/C.utf8 "$server_directory/locales/"
  local locale
  for locale in en_US:UTF-8 de_DE:UTF-8 fr_FR:UTF-8 de_DE:ISO-8859-1; do
    localedef --no-archive -i "${locale%%:*}" -f "${locale##*:}" \
      "$server_directory/locales/${locale/:/.}"
  done
}
