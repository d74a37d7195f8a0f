-- name: stage_tables
-- Staging tables of a connection: filled by each batch, empty after its end.
CREATE TEMPORARY TABLE IF NOT EXISTS stage_key (
  row int4, key uuid, payload_hash uuid, seen_at timestamptz
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_reading (
  row int4, fresh bool, datastream_id int4, time timestamptz, value float8, period_s int4, weight float4, quality int2
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_passage (
  time timestamptz, message_key uuid, installation_id int4, thing_id int4, ordinal int2, direction int2, lane int2,
  speed_kmh float4, length_m float4, vehicle_class text, quality int2
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_counter (
  datastream_id int4, time timestamptz
) ON COMMIT DELETE ROWS;

-- name: forget_staged
-- Within one transaction a second use of a staging table begins with an empty one.
TRUNCATE stage_key

-- name: claim_keys
-- Enter new message keys, in their order so that two workers never wait for each other in a circle; return the rows
-- whose key was there already.
WITH entered AS (
  INSERT INTO message_key (key, payload_hash, seen_at)
  SELECT key, payload_hash, seen_at FROM stage_key
  ON CONFLICT (key) DO NOTHING
  RETURNING key
)
SELECT s.row FROM stage_key s LEFT JOIN entered e USING (key) WHERE e.key IS NULL

-- name: known_keys
-- What stands under the keys that were there already.
SELECT s.row, k.payload_hash, k.seen_at
  FROM stage_key s JOIN message_key k USING (key)
 WHERE s.row = ANY (%(rows)s::int[])

-- name: see_keys
-- A weak key was met again as a message of its own: the next one is compared with this.
UPDATE message_key k SET seen_at = greatest(k.seen_at, s.seen_at)
  FROM unnest(%(keys)s::uuid[], %(seen_at)s::timestamptz[]) AS s (key, seen_at)
 WHERE k.key = s.key

-- name: message_ids
-- Numbers for this batch's messages, each beside the transaction's own number.
SELECT nextval('message_id'), pg_current_xact_id()::text FROM generate_series(1, %(count)s)

-- name: transaction_status
-- What became of a transaction: committed, aborted or in progress; null if it is too old to know.
SELECT pg_xact_status(%(transaction)s::text::xid8)

-- name: insert_readings
-- Store the staged readings, which come sorted; return the rows that met a reading at the same datastream and time.
WITH inserted AS (
  INSERT INTO reading (datastream_id, time, value, period_s, weight, quality)
  SELECT datastream_id, time, value, nullif(period_s, 0), nullif(weight, 'NaN'), quality FROM stage_reading WHERE fresh
  ON CONFLICT (datastream_id, time) DO NOTHING
  RETURNING datastream_id, time
)
SELECT s.row FROM stage_reading s LEFT JOIN inserted i USING (datastream_id, time)
 WHERE i.datastream_id IS NULL OR NOT s.fresh

-- name: compare_readings
-- Which of the rows met an equal value.
SELECT s.row, r.value = s.value
  FROM stage_reading s JOIN reading r USING (datastream_id, time)
 WHERE s.row = ANY (%(rows)s::int[])

-- name: keep_conflicts
-- Another value for a datastream and time: keep it, and flag the reading that came first.
WITH kept AS (
  INSERT INTO reading_conflict (datastream_id, time, value, message_id)
  SELECT DISTINCT ON (s.datastream_id, s.time, c.message_id) s.datastream_id, s.time, s.value, c.message_id
    FROM unnest(%(rows)s::int[], %(messages)s::bigint[]) AS c (row, message_id)
    JOIN stage_reading s USING (row)
  ON CONFLICT DO NOTHING
)
UPDATE reading r SET quality = r.quality | 2
  FROM (SELECT DISTINCT s.datastream_id, s.time FROM stage_reading s WHERE s.row = ANY (%(rows)s::int[])) AS c
 WHERE r.datastream_id = c.datastream_id AND r.time = c.time AND r.quality & 2 = 0

-- name: insert_passages
-- Store the staged passages; return how many each message added.
WITH inserted AS (
  INSERT INTO passage (time, message_key, installation_id, thing_id, ordinal, direction, lane, speed_kmh, length_m,
                       vehicle_class, quality)
  SELECT * FROM stage_passage
  ON CONFLICT DO NOTHING
  RETURNING message_key
)
SELECT message_key, count(*)::int FROM inserted GROUP BY message_key

-- name: lock_things
-- What is derived for a thing is computed by one transaction at a time, and each sees what the one before it stored.
SELECT pg_advisory_xact_lock(7190, id) FROM (SELECT unnest(%(things)s::int[]) AS id ORDER BY 1) AS things

-- name: derive_differences
-- Differences of counters: each lies at the earlier of two neighbouring readings and covers the time between them, so a
-- late reading restates the one it divides. A counter that begins anew gives a lower bound, unless it merely wrapped.
WITH stage AS (
  SELECT DISTINCT datastream_id, time FROM stage_counter
), begin AS (
  SELECT datastream_id, time FROM stage
  UNION
  SELECT s.datastream_id, p.time
    FROM stage s CROSS JOIN LATERAL (
      SELECT r.time FROM reading r
       WHERE r.datastream_id = s.datastream_id AND r.time < s.time AND r.quality & 1 = 0
       ORDER BY r.time DESC LIMIT 1) AS p
), step AS (
  SELECT d.id AS datastream_id, d.organisation_id, d.thing_id, d.max_step, d.wraps_at, b.time,
         extract(epoch FROM n.time - b.time)::int AS period_s,
         r.value AS before, n.value AS after, (r.quality | n.quality) & 64 AS simulated
    FROM begin b
    JOIN datastream d ON d.derived_from = b.datastream_id AND d.derivation = 'difference'
    JOIN reading r ON r.datastream_id = b.datastream_id AND r.time = b.time AND r.quality & 1 = 0
    CROSS JOIN LATERAL (
      SELECT n.time, n.value, n.quality FROM reading n
       WHERE n.datastream_id = b.datastream_id AND n.time > b.time AND n.quality & 1 = 0
       ORDER BY n.time LIMIT 1) AS n
), judged AS (
  SELECT *, after < before
            AND coalesce(after + wraps_at - before BETWEEN 0 AND coalesce(max_step, wraps_at / 2), false) AS wrapped
    FROM step
), derived AS (
  SELECT datastream_id, organisation_id, thing_id, time, period_s, simulated,
         CASE WHEN after >= before THEN after - before WHEN wrapped THEN after + wraps_at - before ELSE after END AS value,
         CASE WHEN after >= before OR wrapped THEN 0 ELSE 8 END AS reset,
         max_step
    FROM judged
), stored AS (
  INSERT INTO reading AS r (datastream_id, time, value, period_s, quality)
  SELECT datastream_id, time, value, period_s,
         16 | reset | simulated | CASE WHEN value > max_step THEN 1 ELSE 0 END
    FROM derived ORDER BY datastream_id, time
  ON CONFLICT (datastream_id, time)
  DO UPDATE SET value = excluded.value, period_s = excluded.period_s, quality = excluded.quality
  WHERE (r.value, r.period_s, r.quality) IS DISTINCT FROM (excluded.value, excluded.period_s, excluded.quality)
  RETURNING datastream_id, time, value, period_s, quality
), touched AS (
  INSERT INTO touched_interval (datastream_id, begins_at)
  SELECT DISTINCT datastream_id, date_bin('15 min', time, 'epoch') FROM stored
)
INSERT INTO latest AS l (datastream_id, organisation_id, thing_id, time, value, period_s, quality)
SELECT DISTINCT ON (s.datastream_id) s.datastream_id, d.organisation_id, d.thing_id, s.time, s.value, s.period_s, s.quality
  FROM stored s JOIN datastream d ON d.id = s.datastream_id
 WHERE s.quality & 1 = 0 AND s.time <= now() + interval '5 min'
 ORDER BY s.datastream_id, s.time DESC
ON CONFLICT (datastream_id) DO UPDATE
SET time = excluded.time, value = excluded.value, period_s = excluded.period_s, quality = excluded.quality,
    changed_xid = pg_current_xact_id()
WHERE l.time <= excluded.time

-- name: derive_passages
-- Counts and mean speeds of the quarter hours that new passages fall into, counted anew from all passages there. A count
-- of nought is stored for directions and classes without passage: the counter was alive, the road was empty.
WITH quarter AS MATERIALIZED (
  SELECT DISTINCT thing_id, date_bin('15 min', time, 'epoch') AS begins_at FROM stage_passage
), cell AS MATERIALIZED (  -- each quarter's passages are read once, however many datastreams count them
  SELECT q.thing_id, q.begins_at, p.*
    FROM quarter q CROSS JOIN LATERAL (
      SELECT direction, lane, coalesce(vehicle_class, 'unknown') AS vehicle_class, count(*) AS vehicles,
             count(speed_kmh) AS measured, sum(speed_kmh::float8) AS speed_kmh, bit_or(quality) AS quality
        FROM passage
       WHERE thing_id = q.thing_id AND time >= q.begins_at AND time < q.begins_at + interval '15 min' AND quality & 1 = 0
       GROUP BY 1, 2, 3) AS p
), stream AS MATERIALIZED (
  SELECT id, organisation_id, thing_id, derivation,
         substring(qualifier FROM '(?:^|;)direction=(\d+)')::int AS direction,
         substring(qualifier FROM '(?:^|;)lane=(\d+)')::int AS lane,
         substring(qualifier FROM '(?:^|;)class=([^;]+)') AS vehicle_class
    FROM datastream
   WHERE derivation IN ('passage_count', 'passage_speed') AND thing_id IN (SELECT thing_id FROM quarter)
), derived AS (
  SELECT s.id AS datastream_id, s.organisation_id, s.thing_id, q.begins_at, s.derivation,
         coalesce(sum(c.vehicles), 0) AS vehicles,
         coalesce(sum(c.measured), 0) AS measured,
         sum(c.speed_kmh) / nullif(sum(c.measured), 0)::float8 AS speed_kmh,
         coalesce(bit_or(c.quality) & 64, 0) AS simulated
    FROM quarter q
    JOIN stream s USING (thing_id)
    LEFT JOIN cell c
      ON c.thing_id = q.thing_id AND c.begins_at = q.begins_at
     AND (s.direction IS NULL OR c.direction = s.direction)
     AND (s.lane IS NULL OR c.lane = s.lane)
     AND (s.vehicle_class IS NULL OR c.vehicle_class = s.vehicle_class)
   GROUP BY s.id, s.organisation_id, s.thing_id, q.begins_at, s.derivation
), stored AS (
  INSERT INTO reading AS r (datastream_id, time, value, period_s, weight, quality)
  SELECT datastream_id, begins_at,
         CASE derivation WHEN 'passage_count' THEN vehicles ELSE speed_kmh END, 900,
         CASE derivation WHEN 'passage_speed' THEN measured END, 16 | simulated
    FROM derived
   WHERE derivation = 'passage_count' OR measured > 0
   ORDER BY datastream_id, begins_at
  ON CONFLICT (datastream_id, time)
  DO UPDATE SET value = excluded.value, weight = excluded.weight, quality = excluded.quality
  WHERE (r.value, r.weight, r.quality) IS DISTINCT FROM (excluded.value, excluded.weight, excluded.quality)
  RETURNING datastream_id, time, value, period_s, quality
), touched AS (
  INSERT INTO touched_interval (datastream_id, begins_at) SELECT datastream_id, time FROM stored
)
INSERT INTO latest AS l (datastream_id, organisation_id, thing_id, time, value, period_s, quality)
SELECT DISTINCT ON (s.datastream_id) s.datastream_id, d.organisation_id, d.thing_id, s.time, s.value, s.period_s, s.quality
  FROM stored s JOIN datastream d ON d.id = s.datastream_id
 WHERE s.time <= now() + interval '5 min'
 ORDER BY s.datastream_id, s.time DESC
ON CONFLICT (datastream_id) DO UPDATE
SET time = excluded.time, value = excluded.value, period_s = excluded.period_s, quality = excluded.quality,
    changed_xid = pg_current_xact_id()
WHERE l.time <= excluded.time

-- name: upsert_latest
-- The newest reading of each datastream of the batch, if it is newer than what stands there and not of the future.
INSERT INTO latest AS l (datastream_id, organisation_id, thing_id, time, value, period_s, quality)
SELECT d.id, d.organisation_id, d.thing_id, s.time, s.value, nullif(s.period_s, 0), s.quality
  FROM (SELECT DISTINCT ON (datastream_id) datastream_id, time, value, period_s, quality
          FROM stage_reading
         WHERE fresh AND quality & 1 = 0 AND time <= now() + interval '5 min' AND NOT row = ANY (%(rejected)s::int[])
         ORDER BY datastream_id, time DESC) AS s
  JOIN datastream d ON d.id = s.datastream_id
 ORDER BY d.id
ON CONFLICT (datastream_id) DO UPDATE
SET time = excluded.time, value = excluded.value, period_s = excluded.period_s, quality = excluded.quality,
    changed_xid = pg_current_xact_id()
WHERE l.time < excluded.time

-- name: insert_events
-- What devices raised; the same event said twice is one.
INSERT INTO event (organisation_id, thing_id, device_id, kind, time)
SELECT * FROM unnest(%(organisation_id)s::int[], %(thing_id)s::int[], %(device_id)s::int[], %(kind)s::text[],
                     %(time)s::timestamptz[])
ON CONFLICT DO NOTHING

-- name: notify
-- A hint to live listeners, without data; they read what has changed since the transaction they know.
SELECT pg_notify('landpuls_live', '')

-- name: directory_version
-- Moves whenever a datastream or organisation changes.
SELECT version FROM directory_version

-- name: derived_sources
-- Counters whose differences are wanted, and things whose passages are counted.
SELECT derived_from, thing_id FROM datastream WHERE derivation = 'difference' AND derived_from IS NOT NULL

-- name: organisation_keys
-- Organisations by the key that stands in our own topics.
SELECT key, id FROM organisation
