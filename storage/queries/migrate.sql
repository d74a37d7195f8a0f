-- name: lock
-- One migrator works at a time on a database.
SELECT pg_advisory_lock(hashtext('landpuls.migrate'))

-- name: unlock
-- Let the next migrator in.
SELECT pg_advisory_unlock(hashtext('landpuls.migrate'))

-- name: timescale_available
-- Whether the server brings TimescaleDB.
SELECT 1 FROM pg_available_extensions WHERE name = 'timescaledb'

-- name: recorded_home
-- The home that the first migration was applied for.
SELECT home FROM landpuls.migration ORDER BY applied_at, name LIMIT 1

-- name: applied
-- What was applied, with the checksum of its text.
SELECT name, checksum FROM landpuls.migration

-- name: prepare
-- Our schemas and the record of migrations; nothing happens where they exist.
CREATE SCHEMA IF NOT EXISTS landpuls;
CREATE SCHEMA IF NOT EXISTS jobs;
CREATE TABLE IF NOT EXISTS landpuls.migration (
  name       text PRIMARY KEY,
  checksum   text NOT NULL,
  home       text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)

-- name: record
-- Remember that a migration was applied.
INSERT INTO landpuls.migration (name, checksum, home) VALUES (%(name)s, %(checksum)s, %(home)s)

-- name: roles
-- Which of our roles exist on the server.
SELECT rolname FROM pg_roles WHERE rolname IN ('landpuls_owner', 'landpuls_ingest', 'landpuls_worker', 'landpuls_api')

-- name: whoami
-- The database's name, whether this login may create roles, and whether it may act as the owner.
SELECT current_database(),
       (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user),
       CASE WHEN %(there)s THEN pg_has_role(current_user, 'landpuls_owner', 'SET') ELSE false END

-- name: can_set
-- Whether this login may take on a role.
SELECT pg_has_role(current_user, %(role)s, 'SET')

-- name: bytes_of
-- Size of tables, partitions and chunks included.
SELECT coalesce(sum(pg_total_relation_size(t.relid)), 0)
  FROM unnest(%(tables)s::text[]) AS name
  JOIN LATERAL pg_partition_tree(to_regclass('landpuls.' || name)) AS t ON true

-- name: create_timescale
-- Where it is missing; images of TimescaleDB have it already.
CREATE EXTENSION IF NOT EXISTS timescaledb

-- name: timescale_roles_ready
-- Whether the roles that own background jobs may log in.
SELECT bool_and(rolcanlogin) FROM pg_roles WHERE rolname IN ('landpuls_owner', 'landpuls_worker')

-- name: timescale_roles
-- Background jobs run as their owners, who need LOGIN for it; without a password nobody else can log in as them.
ALTER ROLE landpuls_owner LOGIN;
ALTER ROLE landpuls_worker LOGIN

-- name: may_use_database
-- Whether a role has the rights on the database that it needs.
SELECT has_database_privilege(%(role)s, current_database(), 'CONNECT')
   AND has_database_privilege(%(role)s, current_database(), 'TEMPORARY')
   AND (NOT %(owner)s OR has_database_privilege(%(role)s, current_database(), 'CREATE'))
