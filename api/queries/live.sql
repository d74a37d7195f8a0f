-- name: listen
-- Be woken when something has changed.
LISTEN landpuls_live

-- name: alive
-- Find out that the connection is gone.
SELECT 1

-- name: begin
-- Where a new client begins: it has seen the snapshot, and every collection up to the newest.
SELECT pg_current_snapshot()::text AS snapshot, coalesce((SELECT max(id) FROM collection), 0) AS newest_collection

-- name: check
-- Refuse a snapshot that is none.
SELECT %(since)s::pg_snapshot

-- name: changes
-- What the tenant may see of what was committed since a snapshot, and the snapshot of this very statement.
SELECT pg_current_snapshot()::text AS snapshot,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                 'thing_id', s.thing_id, 'organisation_id', s.organisation_id, 'fill_percent', s.fill_percent,
                 'fill_time', s.fill_time, 'rate_percent_per_day', s.rate_percent_per_day, 'full_at', s.full_at,
                 'emptied_at', s.emptied_at) ORDER BY s.thing_id), '[]')
          FROM container_state s
         WHERE 'containers' = ANY (%(kinds)s)
           AND (%(organisations)s::int[] IS NULL OR s.organisation_id = ANY (%(organisations)s))
           AND s.changed_xid >= pg_snapshot_xmin(%(since)s::pg_snapshot)
           AND NOT pg_visible_in_snapshot(s.changed_xid, %(since)s::pg_snapshot)) AS containers,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                 'thing_id', s.thing_id, 'organisation_id', s.organisation_id,
                 'quarter', CASE WHEN s.quarter_begins_at IS NOT NULL THEN jsonb_build_object(
                    'begins_at', s.quarter_begins_at, 'flow_per_h', s.quarter_flow_per_h,
                    'speed_kmh', s.quarter_speed_kmh, 'heavy_share_percent', s.quarter_heavy_share) END,
                 'hour', CASE WHEN s.hour_begins_at IS NOT NULL THEN jsonb_build_object(
                    'begins_at', s.hour_begins_at, 'flow_per_h', s.hour_flow_per_h,
                    'speed_kmh', s.hour_speed_kmh, 'heavy_share_percent', s.hour_heavy_share) END
               ) ORDER BY s.thing_id), '[]')
          FROM counter_state s
         WHERE 'counters' = ANY (%(kinds)s)
           AND (%(organisations)s::int[] IS NULL OR s.organisation_id = ANY (%(organisations)s))
           AND s.changed_xid >= pg_snapshot_xmin(%(since)s::pg_snapshot)
           AND NOT pg_visible_in_snapshot(s.changed_xid, %(since)s::pg_snapshot)) AS counters,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                 'thing_id', l.thing_id, 'organisation_id', l.organisation_id, 'datastream_id', l.datastream_id,
                 'quantity', d.quantity, 'qualifier', d.qualifier, 'unit', d.unit, 'time', l.time, 'value', l.value,
                 'quality', l.quality, 'period_s', l.period_s) ORDER BY l.datastream_id), '[]')
          FROM latest l
          JOIN datastream d ON d.id = l.datastream_id
         WHERE 'latest' = ANY (%(kinds)s)
           AND (%(organisations)s::int[] IS NULL OR l.organisation_id = ANY (%(organisations)s))
           AND l.changed_xid >= pg_snapshot_xmin(%(since)s::pg_snapshot)
           AND NOT pg_visible_in_snapshot(l.changed_xid, %(since)s::pg_snapshot)) AS latest,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                 'id', p.id, 'organisation_id', p.organisation_id, 'day', p.day, 'status', p.status,
                 'progress', p.progress) ORDER BY p.id), '[]')
          FROM plan p
         WHERE 'plans' = ANY (%(kinds)s)
           AND p.day >= %(first_day)s
           AND (%(organisations)s::int[] IS NULL OR p.organisation_id = ANY (%(organisations)s))) AS plans,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                 'id', c.id, 'organisation_id', c.organisation_id, 'thing_id', c.thing_id, 'stop_id', c.stop_id,
                 'outcome', c.outcome, 'collected_at', c.collected_at) ORDER BY c.id), '[]')
          FROM collection c
         WHERE 'collections' = ANY (%(kinds)s)
           AND c.id > %(collections_after)s
           AND (%(organisations)s::int[] IS NULL OR c.organisation_id = ANY (%(organisations)s))) AS collections
