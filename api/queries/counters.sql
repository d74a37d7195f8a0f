-- name: counters
-- Counting cross-sections with the flow of their newest quarter hour and hour.
SELECT t.id AS thing_id, t.key, t.name, t.organisation_id, t.longitude, t.latitude,
       CASE WHEN s.thing_id IS NOT NULL THEN jsonb_build_object(
         'quarter', CASE WHEN s.quarter_begins_at IS NOT NULL THEN jsonb_build_object(
            'begins_at', s.quarter_begins_at, 'flow_per_h', s.quarter_flow_per_h, 'speed_kmh', s.quarter_speed_kmh,
            'heavy_share_percent', s.quarter_heavy_share) END,
         'hour', CASE WHEN s.hour_begins_at IS NOT NULL THEN jsonb_build_object(
            'begins_at', s.hour_begins_at, 'flow_per_h', s.hour_flow_per_h, 'speed_kmh', s.hour_speed_kmh,
            'heavy_share_percent', s.hour_heavy_share) END) END AS state
  FROM thing t
  JOIN organisation o ON o.id = t.organisation_id
  LEFT JOIN counter_state s ON s.thing_id = t.id
 WHERE t.kind = 'counter'
   AND t.id > coalesce(%(after)s, 0)
   AND (%(id)s::int IS NULL OR t.id = %(id)s)
   AND (%(organisations)s::text[] IS NULL OR o.key = ANY (%(organisations)s) OR o.id::text = ANY (%(organisations)s))
 ORDER BY t.id
 LIMIT %(limit)s;

-- name: flows_15min
-- Counts and speeds of one counter by quarter hour: every datastream of the next intervals that have any.
WITH stream AS MATERIALIZED (
  SELECT id, quantity, qualifier FROM datastream WHERE thing_id = %(thing)s AND quantity IN ('vehicle_count', 'speed')),
next AS (
  SELECT DISTINCT begins_at FROM visible_rollup_15min
   WHERE datastream_id IN (SELECT id FROM stream WHERE quantity = 'vehicle_count')
     AND begins_at > %(after)s AND begins_at < %(to)s
   ORDER BY begins_at
   LIMIT %(limit)s)
SELECT r.begins_at, d.quantity, d.qualifier, r.sum, r.weight, r.covered_s, 900.0::float8 AS length_s
  FROM next
  JOIN visible_rollup_15min r USING (begins_at)
  JOIN stream d ON d.id = r.datastream_id
 ORDER BY r.begins_at;

-- name: flows_hour
-- Counts and speeds of one counter by hour.
WITH stream AS MATERIALIZED (
  SELECT id, quantity, qualifier FROM datastream WHERE thing_id = %(thing)s AND quantity IN ('vehicle_count', 'speed')),
next AS (
  SELECT DISTINCT begins_at FROM visible_rollup_hour
   WHERE datastream_id IN (SELECT id FROM stream WHERE quantity = 'vehicle_count')
     AND begins_at > %(after)s AND begins_at < %(to)s
   ORDER BY begins_at
   LIMIT %(limit)s)
SELECT r.begins_at, d.quantity, d.qualifier, r.sum, r.weight, r.covered_s, 3600.0::float8 AS length_s
  FROM next
  JOIN visible_rollup_hour r USING (begins_at)
  JOIN stream d ON d.id = r.datastream_id
 ORDER BY r.begins_at;

-- name: flows_day
-- Counts and speeds of one counter by Berlin day.
WITH stream AS MATERIALIZED (
  SELECT id, quantity, qualifier FROM datastream WHERE thing_id = %(thing)s AND quantity IN ('vehicle_count', 'speed')),
next AS (
  SELECT DISTINCT begins_at FROM visible_rollup_day
   WHERE datastream_id IN (SELECT id FROM stream WHERE quantity = 'vehicle_count')
     AND begins_at > %(after)s AND begins_at < %(to)s
   ORDER BY begins_at
   LIMIT %(limit)s)
SELECT r.begins_at, d.quantity, d.qualifier, r.sum, r.weight, r.covered_s,
       extract(epoch FROM (r.begins_at AT TIME ZONE 'Europe/Berlin' + interval '1 day') AT TIME ZONE 'Europe/Berlin'
                          - r.begins_at)::float8 AS length_s
  FROM next
  JOIN visible_rollup_day r USING (begins_at)
  JOIN stream d ON d.id = r.datastream_id
 ORDER BY r.begins_at;
