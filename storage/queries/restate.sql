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
-- Take the oldest touched quarter hours out of the queue; they return to it if this transaction fails. Their order is
-- that of the indexes, so that neighbours are read and written together.
WITH claimed AS (
  DELETE FROM touched_interval
   WHERE id <= (SELECT max(id) FROM (SELECT id FROM touched_interval ORDER BY id LIMIT %(limit)s) AS oldest)
  RETURNING datastream_id, begins_at
)
INSERT INTO stage_interval SELECT DISTINCT datastream_id, begins_at FROM claimed ORDER BY datastream_id, begins_at

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
)
MERGE INTO rollup_15min r USING made m ON r.datastream_id = m.datastream_id AND r.begins_at = m.begins_at
 WHEN MATCHED AND m.count > 0 THEN
      UPDATE SET sum = m.sum, count = m.count, weight = m.weight, min = m.min, max = m.max, first = m.first, last = m.last,
                 covered_s = m.covered_s
 WHEN MATCHED THEN DELETE
 WHEN NOT MATCHED AND m.count > 0 THEN
      INSERT (datastream_id, begins_at, sum, count, weight, min, max, first, last, covered_s)
      VALUES (m.datastream_id, m.begins_at, m.sum, m.count, m.weight, m.min, m.max, m.first, m.last, m.covered_s)

-- name: restate_hour
-- Roll up the hours of the claimed quarter hours from all quarter hours within.
WITH wanted AS (
  SELECT DISTINCT datastream_id, date_trunc('hour', begins_at, 'UTC') AS begins_at FROM stage_interval
   ORDER BY 1, 2
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
)
MERGE INTO rollup_hour r USING made m ON r.datastream_id = m.datastream_id AND r.begins_at = m.begins_at
 WHEN MATCHED AND m.count > 0 THEN
      UPDATE SET sum = m.sum, count = m.count, weight = m.weight, min = m.min, max = m.max, first = m.first, last = m.last,
                 covered_s = m.covered_s
 WHEN MATCHED THEN DELETE
 WHEN NOT MATCHED AND m.count > 0 THEN
      INSERT (datastream_id, begins_at, sum, count, weight, min, max, first, last, covered_s)
      VALUES (m.datastream_id, m.begins_at, m.sum, m.count, m.weight, m.min, m.max, m.first, m.last, m.covered_s)

-- name: restate_day
-- Roll up the Berlin days of the claimed quarter hours from their 23, 24 or 25 hours.
WITH wanted AS (
  SELECT DISTINCT datastream_id, date_trunc('day', begins_at, 'Europe/Berlin') AS begins_at FROM stage_interval
   ORDER BY 1, 2
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
)
MERGE INTO rollup_day r USING made m ON r.datastream_id = m.datastream_id AND r.begins_at = m.begins_at
 WHEN MATCHED AND m.count > 0 THEN
      UPDATE SET sum = m.sum, count = m.count, weight = m.weight, min = m.min, max = m.max, first = m.first, last = m.last,
                 covered_s = m.covered_s
 WHEN MATCHED THEN DELETE
 WHEN NOT MATCHED AND m.count > 0 THEN
      INSERT (datastream_id, begins_at, sum, count, weight, min, max, first, last, covered_s)
      VALUES (m.datastream_id, m.begins_at, m.sum, m.count, m.weight, m.min, m.max, m.first, m.last, m.covered_s)

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
