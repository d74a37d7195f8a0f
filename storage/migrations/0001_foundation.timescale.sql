-- TimescaleDB: hypertables by day, compressed after the late-data horizon of 30 days, rollups as continuous aggregates.

SELECT create_hypertable('reading', by_range('time', interval '1 day'), create_default_indexes => false);
SELECT create_hypertable('passage', by_range('time', interval '1 day'), create_default_indexes => false);
SELECT create_hypertable('message', by_range('received_at', interval '1 day'), create_default_indexes => false);

-- Chunks make themselves; this keeps one interface for both homes.
CREATE FUNCTION ensure_partitions(days date[]) RETURNS int LANGUAGE sql STABLE RETURN 0;

ALTER TABLE reading SET (timescaledb.compress, timescaledb.compress_segmentby = 'datastream_id', timescaledb.compress_orderby = 'time');
ALTER TABLE passage SET (timescaledb.compress, timescaledb.compress_segmentby = 'installation_id',
                         timescaledb.compress_orderby = 'time, message_key, ordinal');
ALTER TABLE message SET (timescaledb.compress, timescaledb.compress_segmentby = '', timescaledb.compress_orderby = 'received_at, id');
SELECT add_compression_policy('reading', interval '35 days');
SELECT add_compression_policy('passage', interval '35 days');
SELECT add_compression_policy('message', interval '35 days');

-- Retention is the worker's, never a policy's: chunks go in the transaction that adds up what is in them.

-- Takes hold of the oldest chunk that ends by an instant, so that nobody writes to it any more; says where it lies.
-- No lock is waited for long, since everybody else would queue up behind us.
CREATE FUNCTION claim_slice(parent text, before timestamptz, OUT begins_at timestamptz, OUT ends_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = landpuls, public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
  child text;
BEGIN
  SELECT format('%I.%I', c.chunk_schema, c.chunk_name), c.range_start, c.range_end INTO child, begins_at, ends_at
    FROM timescaledb_information.chunks c
   WHERE c.hypertable_schema = 'landpuls' AND c.hypertable_name = parent AND c.range_end <= before
   ORDER BY c.range_start LIMIT 1;
  IF child IS NOT NULL THEN
    EXECUTE format('LOCK TABLE %s IN SHARE MODE', child);
  END IF;
END $$;

-- Removes a chunk that was claimed.
CREATE FUNCTION drop_slice(parent text, begins_at timestamptz, ends_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = landpuls, public, pg_temp SET lock_timeout = '2s' AS $$
BEGIN
  PERFORM drop_chunks(format('landpuls.%I', parent)::regclass, older_than => ends_at, newer_than => begins_at);
END $$;

-- Only the owner of a continuous aggregate may refresh it, and that is the worker's task: so it makes them.
GRANT USAGE, CREATE ON SCHEMA landpuls TO landpuls_worker;
GRANT SELECT, TRIGGER ON reading TO landpuls_worker;
SET LOCAL ROLE landpuls_worker;

CREATE MATERIALIZED VIEW rollup_15min WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT datastream_id, time_bucket(interval '15 min', time) AS begins_at,
       sum(value * coalesce(weight, 1)) AS sum, count(*) AS count, sum(coalesce(weight, 1)::float8) AS weight,
       min(value) AS min, max(value) AS max, first(value, time) AS first, last(value, time) AS last,
       coalesce(sum(period_s), 0)::bigint AS covered_s
  FROM reading WHERE quality & 1 = 0
 GROUP BY 1, 2 WITH NO DATA;

CREATE MATERIALIZED VIEW rollup_hour WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT datastream_id, time_bucket(interval '1 hour', time) AS begins_at,
       sum(value * coalesce(weight, 1)) AS sum, count(*) AS count, sum(coalesce(weight, 1)::float8) AS weight,
       min(value) AS min, max(value) AS max, first(value, time) AS first, last(value, time) AS last,
       coalesce(sum(period_s), 0)::bigint AS covered_s
  FROM reading WHERE quality & 1 = 0
 GROUP BY 1, 2 WITH NO DATA;

CREATE MATERIALIZED VIEW rollup_day WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT datastream_id, time_bucket(interval '1 day', time, 'Europe/Berlin') AS begins_at,
       sum(value * coalesce(weight, 1)) AS sum, count(*) AS count, sum(coalesce(weight, 1)::float8) AS weight,
       min(value) AS min, max(value) AS max, first(value, time) AS first, last(value, time) AS last,
       coalesce(sum(period_s), 0)::bigint AS covered_s
  FROM reading WHERE quality & 1 = 0
 GROUP BY 1, 2 WITH NO DATA;

-- The worker refreshes exactly what was touched; these catch what it missed while it was away.
SELECT add_continuous_aggregate_policy('rollup_15min', start_offset => interval '35 days', end_offset => interval '1 hour',
                                       schedule_interval => interval '6 hours');
SELECT add_continuous_aggregate_policy('rollup_hour', start_offset => interval '35 days', end_offset => interval '2 hours',
                                       schedule_interval => interval '6 hours');
SELECT add_continuous_aggregate_policy('rollup_day', start_offset => interval '40 days', end_offset => interval '2 days',
                                       schedule_interval => interval '6 hours');

GRANT SELECT ON rollup_15min, rollup_hour, rollup_day TO landpuls_owner;
SET LOCAL ROLE landpuls_owner;
REVOKE CREATE ON SCHEMA landpuls FROM landpuls_worker;
REVOKE TRIGGER ON reading FROM landpuls_worker;
