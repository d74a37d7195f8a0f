#!/bin/bash
# Runs once, when the database is created: the login that migrates. It may make our roles, and is no superuser.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname "$POSTGRES_DB" \
    --set password="$(cat "${SECRETS:-/run/secrets}/database-migrate")" --set database="$POSTGRES_DB" <<'SQL'
SELECT 'CREATE EXTENSION IF NOT EXISTS timescaledb' FROM pg_available_extensions WHERE name = 'timescaledb' \gexec
CREATE ROLE landpuls LOGIN CREATEROLE PASSWORD :'password';
ALTER DATABASE :"database" OWNER TO landpuls;
SQL
