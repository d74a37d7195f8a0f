#!/bin/bash
# Runs once, when the database is created: the login that migrates. It may make our roles, and is no superuser.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname "$POSTGRES_DB" \
    --set password="$(cat /run/secrets/database-migrate)" <<'SQL'
CREATE EXTENSION IF NOT EXISTS timescaledb;
CREATE ROLE landpuls LOGIN CREATEROLE PASSWORD :'password';
ALTER DATABASE landpuls OWNER TO landpuls;
SQL
