-- name: levels
-- Levels of the given containers since an instant: the last of each quarter hour, with the time that the newest really
-- has; a collection says that the container was empty then. A thing has one datastream of a quantity: the levels of two
-- sensors at one container are mixed here.
SELECT d.thing_id AS thing_id,
       extract(epoch FROM CASE WHEN l.time >= r.begins_at AND l.time < r.begins_at + interval '15 minutes'
                               THEN l.time ELSE r.begins_at END)::float8 AS at,
       r.last AS level
  FROM datastream d
  JOIN rollup_15min r ON r.datastream_id = d.id
  LEFT JOIN latest l ON l.datastream_id = d.id
 WHERE d.thing_id = ANY (%(things)s) AND d.quantity = 'fill_level' AND r.last IS NOT NULL
   AND r.begins_at >= %(since)s AND r.begins_at <= %(now)s
 UNION ALL
SELECT thing_id, extract(epoch FROM collected_at)::float8, 0
  FROM collection
 WHERE thing_id = ANY (%(things)s) AND outcome = 'served' AND collected_at BETWEEN %(since)s AND %(now)s
 ORDER BY thing_id, at;

-- name: collected
-- Containers whose newest collection is not yet in their state.
SELECT DISTINCT c.thing_id
  FROM collection c
  LEFT JOIN container_state s ON s.thing_id = c.thing_id
 WHERE c.outcome = 'served' AND c.collected_at BETWEEN %(since)s AND %(now)s
   AND (s.fill_time IS NULL OR c.collected_at > s.fill_time);

-- name: upsert_containers
-- Write container states; unchanged ones are left alone, so that live listeners hear of changes only.
INSERT INTO container_state AS s
       (thing_id, organisation_id, fill_percent, fill_time, rate_percent_per_day, full_at, emptied_at, updated_at)
SELECT t.id, t.organisation_id, n.fill, n.fill_time, n.rate, n.full_at, n.emptied_at, %(now)s
  FROM unnest(%(things)s::int[], %(fill)s::real[], %(fill_time)s::timestamptz[], %(rate)s::real[],
              %(full_at)s::timestamptz[], %(emptied_at)s::timestamptz[])
       AS n (thing_id, fill, fill_time, rate, full_at, emptied_at)
  JOIN thing t ON t.id = n.thing_id
 ORDER BY t.id
    ON CONFLICT (thing_id) DO UPDATE
   SET fill_percent = excluded.fill_percent, fill_time = excluded.fill_time,
       rate_percent_per_day = excluded.rate_percent_per_day, full_at = excluded.full_at,
       emptied_at = excluded.emptied_at, updated_at = excluded.updated_at, changed_xid = pg_current_xact_id()
 WHERE (s.fill_percent, s.fill_time, s.rate_percent_per_day, s.full_at, s.emptied_at)
       IS DISTINCT FROM
       (excluded.fill_percent, excluded.fill_time, excluded.rate_percent_per_day, excluded.full_at, excluded.emptied_at);

-- name: newest_quarter
-- Rollups of each counter's newest quarter hour that is over.
SELECT n.thing_id, n.begins_at, d.quantity, d.qualifier, r.sum, r.weight, r.covered_s
  FROM (SELECT d.thing_id, max(r.begins_at) AS begins_at
          FROM datastream d
         CROSS JOIN LATERAL (SELECT begins_at FROM rollup_15min
                              WHERE datastream_id = d.id AND begins_at <= %(now)s - interval '15 minutes'
                              ORDER BY begins_at DESC LIMIT 1) r
         WHERE d.thing_id = ANY (%(things)s) AND d.quantity = 'vehicle_count'
         GROUP BY d.thing_id) n
  JOIN datastream d ON d.thing_id = n.thing_id AND d.quantity IN ('vehicle_count', 'speed')
  JOIN rollup_15min r ON r.datastream_id = d.id AND r.begins_at = n.begins_at
 ORDER BY n.thing_id;

-- name: newest_hour
-- Rollups of each counter's newest hour that is over.
SELECT n.thing_id, n.begins_at, d.quantity, d.qualifier, r.sum, r.weight, r.covered_s
  FROM (SELECT d.thing_id, max(r.begins_at) AS begins_at
          FROM datastream d
         CROSS JOIN LATERAL (SELECT begins_at FROM rollup_hour
                              WHERE datastream_id = d.id AND begins_at <= %(now)s - interval '1 hour'
                              ORDER BY begins_at DESC LIMIT 1) r
         WHERE d.thing_id = ANY (%(things)s) AND d.quantity = 'vehicle_count'
         GROUP BY d.thing_id) n
  JOIN datastream d ON d.thing_id = n.thing_id AND d.quantity IN ('vehicle_count', 'speed')
  JOIN rollup_hour r ON r.datastream_id = d.id AND r.begins_at = n.begins_at
 ORDER BY n.thing_id;

-- name: upsert_counters
-- Write counter states, unchanged ones left alone.
INSERT INTO counter_state AS s
       (thing_id, organisation_id, quarter_begins_at, quarter_flow_per_h, quarter_speed_kmh, quarter_heavy_share,
        hour_begins_at, hour_flow_per_h, hour_speed_kmh, hour_heavy_share, updated_at)
SELECT t.id, t.organisation_id, n.q_begins, n.q_flow, n.q_speed, n.q_heavy, n.h_begins, n.h_flow, n.h_speed, n.h_heavy,
       %(now)s
  FROM unnest(%(things)s::int[],
              %(q_begins)s::timestamptz[], %(q_flow)s::real[], %(q_speed)s::real[], %(q_heavy)s::real[],
              %(h_begins)s::timestamptz[], %(h_flow)s::real[], %(h_speed)s::real[], %(h_heavy)s::real[])
       AS n (thing_id, q_begins, q_flow, q_speed, q_heavy, h_begins, h_flow, h_speed, h_heavy)
  JOIN thing t ON t.id = n.thing_id
 ORDER BY t.id
    ON CONFLICT (thing_id) DO UPDATE
   SET quarter_begins_at = excluded.quarter_begins_at, quarter_flow_per_h = excluded.quarter_flow_per_h,
       quarter_speed_kmh = excluded.quarter_speed_kmh, quarter_heavy_share = excluded.quarter_heavy_share,
       hour_begins_at = excluded.hour_begins_at, hour_flow_per_h = excluded.hour_flow_per_h,
       hour_speed_kmh = excluded.hour_speed_kmh, hour_heavy_share = excluded.hour_heavy_share,
       updated_at = excluded.updated_at, changed_xid = pg_current_xact_id()
 WHERE (s.quarter_begins_at, s.quarter_flow_per_h, s.quarter_speed_kmh, s.quarter_heavy_share,
        s.hour_begins_at, s.hour_flow_per_h, s.hour_speed_kmh, s.hour_heavy_share)
       IS DISTINCT FROM
       (excluded.quarter_begins_at, excluded.quarter_flow_per_h, excluded.quarter_speed_kmh,
        excluded.quarter_heavy_share, excluded.hour_begins_at, excluded.hour_flow_per_h,
        excluded.hour_speed_kmh, excluded.hour_heavy_share);

-- name: kinds
-- What the given things are.
SELECT id, kind FROM thing WHERE id = ANY (%(things)s);
