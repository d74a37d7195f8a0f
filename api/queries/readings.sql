-- name: datastream
-- One datastream by its id.
SELECT id, thing_id, quantity, qualifier, unit, aggregation, period_s
  FROM datastream
 WHERE id = %(id)s;

-- name: datastream_of
-- One datastream by what it observes at a thing.
SELECT id, thing_id, quantity, qualifier, unit, aggregation, period_s
  FROM datastream
 WHERE thing_id = %(thing)s AND quantity = %(quantity)s AND qualifier = %(qualifier)s;

-- name: observed
-- What is observed at a thing, to say what there is where something else was asked for.
SELECT t.id, coalesce(array_agg(DISTINCT d.quantity || CASE d.qualifier WHEN '' THEN '' ELSE ' (' || d.qualifier || ')' END)
                      FILTER (WHERE d.id IS NOT NULL), '{}') AS quantities
  FROM thing t
  LEFT JOIN datastream d ON d.thing_id = t.id
 WHERE t.id = %(thing)s
 GROUP BY t.id;

-- name: raw
-- Readings as they are, oldest first.
SELECT time, value, quality, period_s
  FROM visible_reading
 WHERE datastream_id = %(datastream)s AND time > %(after)s AND time < %(to)s
 ORDER BY time
 LIMIT %(limit)s;

-- name: 15min
-- Readings by quarter hour; instants count for the datastream's expected period, and null says that it has none.
SELECT begins_at, CASE WHEN weight > 0 THEN sum / weight END AS mean, sum, min, max, first, last, count,
       least(1, coalesce(nullif(covered_s, 0), count * %(period)s::int) / 900.0::float8) AS completeness
  FROM visible_rollup_15min
 WHERE datastream_id = %(datastream)s AND begins_at > %(after)s AND begins_at < %(to)s
 ORDER BY begins_at
 LIMIT %(limit)s;

-- name: hour
-- Readings by hour.
SELECT begins_at, CASE WHEN weight > 0 THEN sum / weight END AS mean, sum, min, max, first, last, count,
       least(1, coalesce(nullif(covered_s, 0), count * %(period)s::int) / 3600.0::float8) AS completeness
  FROM visible_rollup_hour
 WHERE datastream_id = %(datastream)s AND begins_at > %(after)s AND begins_at < %(to)s
 ORDER BY begins_at
 LIMIT %(limit)s;

-- name: day
-- Readings by Berlin day, which has 23, 24 or 25 hours.
SELECT begins_at, CASE WHEN weight > 0 THEN sum / weight END AS mean, sum, min, max, first, last, count,
       least(1, coalesce(nullif(covered_s, 0), count * %(period)s::int) / extract(epoch FROM
         (begins_at AT TIME ZONE 'Europe/Berlin' + interval '1 day') AT TIME ZONE 'Europe/Berlin' - begins_at)::float8
       ) AS completeness
  FROM visible_rollup_day
 WHERE datastream_id = %(datastream)s AND begins_at > %(after)s AND begins_at < %(to)s
 ORDER BY begins_at
 LIMIT %(limit)s;
