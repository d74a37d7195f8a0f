-- name: stage
-- The quarter hours claimed by this transaction.
CREATE TEMPORARY TABLE IF NOT EXISTS stage_interval (
  datastream_id int, begins_at timestamptz
) ON COMMIT DELETE ROWS

-- name: alone
-- Hours are made of quarter hours, so one restates at a time, and sees what the one before it made.
SELECT pg_advisory_xact_lock(7191)

-- name: is_plain
-- Rollups are tables on plain PostgreSQL, views on TimescaleDB.
SELECT relkind = 'r' FROM pg_class WHERE oid = 'landpuls.rollup_15min'::regclass

-- name: claim
-- Take the oldest touched quarter hours out of the queue; they return to it if this transaction fails.
WITH claimed AS (
  DELETE FROM touched_interval
   WHERE id IN (SELECT id FROM touched_interval ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
  RETURNING datastream_id, begins_at
)
INSERT INTO stage_interval SELECT DISTINCT datastream_id, begins_at FROM claimed

-- name: restate_15min
-- Roll up the claimed quarter hours from their readings.
WITH made AS (
  SELECT s.datastream_id, s.begins_at, a.*
    FROM stage_interval s CROSS JOIN LATERAL (
      SELECT sum(r.value * coalesce(r.weight, 1)) AS sum, count(*) AS count, sum(coalesce(r.weight, 1)::float8) AS weight,
             min(r.value) AS min, max(r.value) AS max,
             (array_agg(r.value ORDER BY r.time))[1] AS first, (array_agg(r.value ORDER BY r.time DESC))[1] AS last,
             coalesce(sum(r.period_s), 0) AS covered_s
        FROM reading r
       WHERE r.datastream_id = s.datastream_id AND r.time >= s.begins_at AND r.time < s.begins_at + interval '15 min'
         AND r.quality & 1 = 0) AS a
), emptied AS (
  DELETE FROM rollup_15min r USING made m
   WHERE m.count = 0 AND r.datastream_id = m.datastream_id AND r.begins_at = m.begins_at
)
INSERT INTO rollup_15min (datastream_id, begins_at, sum, count, weight, min, max, first, last, covered_s)
SELECT datastream_id, begins_at, sum, count, weight, min, max, first, last, covered_s FROM made WHERE count > 0
ON CONFLICT (datastream_id, begins_at) DO UPDATE
SET sum = excluded.sum, count = excluded.count, weight = excluded.weight, min = excluded.min, max = excluded.max,
    first = excluded.first, last = excluded.last, covered_s = excluded.covered_s

-- name: restate_hour
-- Roll up the hours of the claimed quarter hours from all quarter hours within.
WITH wanted AS (
  SELECT DISTINCT datastream_id, date_trunc('hour', begins_at, 'UTC') AS begins_at FROM stage_interval
), made AS (
  SELECT w.datastream_id, w.begins_at, a.*
    FROM wanted w CROSS JOIN LATERAL (
      SELECT sum(r.sum) AS sum, sum(r.count)::bigint AS count, sum(r.weight) AS weight, min(r.min) AS min, max(r.max) AS max,
             (array_agg(r.first ORDER BY r.begins_at))[1] AS first,
             (array_agg(r.last ORDER BY r.begins_at DESC))[1] AS last,
             sum(r.covered_s)::bigint AS covered_s
        FROM rollup_15min r
       WHERE r.datastream_id = w.datastream_id AND r.begins_at >= w.begins_at
         AND r.begins_at < w.begins_at + interval '1 hour') AS a
), emptied AS (
  DELETE FROM rollup_hour r USING made m
   WHERE m.count IS NULL AND r.datastream_id = m.datastream_id AND r.begins_at = m.begins_at
)
INSERT INTO rollup_hour (datastream_id, begins_at, sum, count, weight, min, max, first, last, covered_s)
SELECT datastream_id, begins_at, sum, count, weight, min, max, first, last, covered_s FROM made WHERE count > 0
ON CONFLICT (datastream_id, begins_at) DO UPDATE
SET sum = excluded.sum, count = excluded.count, weight = excluded.weight, min = excluded.min, max = excluded.max,
    first = excluded.first, last = excluded.last, covered_s = excluded.covered_s

-- name: restate_day
-- Roll up the Berlin days of the claimed quarter hours from their 23, 24 or 25 hours.
WITH wanted AS (
  SELECT DISTINCT datastream_id, date_trunc('day', begins_at, 'Europe/Berlin') AS begins_at FROM stage_interval
), made AS (
  SELECT w.datastream_id, w.begins_at, a.*
    FROM wanted w CROSS JOIN LATERAL (
      SELECT sum(r.sum) AS sum, sum(r.count)::bigint AS count, sum(r.weight) AS weight, min(r.min) AS min, max(r.max) AS max,
             (array_agg(r.first ORDER BY r.begins_at))[1] AS first,
             (array_agg(r.last ORDER BY r.begins_at DESC))[1] AS last,
             sum(r.covered_s)::bigint AS covered_s
        FROM rollup_hour r
       WHERE r.datastream_id = w.datastream_id AND r.begins_at >= w.begins_at
         AND r.begins_at < date_add(w.begins_at, interval '1 day', 'Europe/Berlin')) AS a
), emptied AS (
  DELETE FROM rollup_day r USING made m
   WHERE m.count IS NULL AND r.datastream_id = m.datastream_id AND r.begins_at = m.begins_at
)
INSERT INTO rollup_day (datastream_id, begins_at, sum, count, weight, min, max, first, last, covered_s)
SELECT datastream_id, begins_at, sum, count, weight, min, max, first, last, covered_s FROM made WHERE count > 0
ON CONFLICT (datastream_id, begins_at) DO UPDATE
SET sum = excluded.sum, count = excluded.count, weight = excluded.weight, min = excluded.min, max = excluded.max,
    first = excluded.first, last = excluded.last, covered_s = excluded.covered_s

-- name: claimed
-- What was claimed, with the things it belongs to.
SELECT s.datastream_id, d.thing_id, s.begins_at
  FROM stage_interval s JOIN datastream d ON d.id = s.datastream_id

-- name: peek
-- The oldest touched quarter hours, left in the queue; the newest number among them.
SELECT t.id, t.datastream_id, d.thing_id, t.begins_at
  FROM touched_interval t JOIN datastream d ON d.id = t.datastream_id
 ORDER BY t.id LIMIT %(limit)s

-- name: remove
-- Take restated quarter hours out of the queue.
DELETE FROM touched_interval WHERE id = ANY (%(ids)s::bigint[])

-- name: take
-- Take the oldest touched quarter hours out of the queue; they return to it if this transaction fails.
WITH taken AS (
  DELETE FROM touched_interval
   WHERE id IN (SELECT id FROM touched_interval ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
  RETURNING datastream_id, begins_at
)
SELECT DISTINCT t.datastream_id, d.thing_id, t.begins_at FROM taken t JOIN datastream d ON d.id = t.datastream_id

-- name: lock_refresh
-- One refreshes continuous aggregates at a time.
SELECT pg_advisory_lock(7192)

-- name: unlock_refresh
-- Let the next one refresh.
SELECT pg_advisory_unlock(7192)

-- name: refresh
-- Materialise a window of a continuous aggregate anew; TimescaleDB knows which buckets in it have changed.
CALL refresh_continuous_aggregate(%(aggregate)s::regclass, %(begin)s::timestamptz, %(end)s::timestamptz)
