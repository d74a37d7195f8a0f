-- name: containers
-- Containers with where they stand and what is known of their fill.
SELECT t.id AS thing_id, t.key, t.name, t.organisation_id, t.longitude, t.latitude,
       c.waste_fraction, c.volume_l, c.threshold_percent,
       CASE WHEN s.id IS NOT NULL THEN jsonb_build_object('id', s.id, 'name', s.name, 'address', s.address) END AS site,
       CASE WHEN f.thing_id IS NOT NULL THEN jsonb_build_object(
         'fill_percent', f.fill_percent, 'fill_time', f.fill_time, 'rate_percent_per_day', f.rate_percent_per_day,
         'full_at', f.full_at, 'emptied_at', f.emptied_at) END AS state
  FROM container c
  JOIN thing t ON t.id = c.thing_id
  JOIN organisation o ON o.id = t.organisation_id
  LEFT JOIN site s ON s.id = c.site_id
  LEFT JOIN container_state f ON f.thing_id = c.thing_id
 WHERE t.id > coalesce(%(after)s, 0)
   AND (%(id)s::int IS NULL OR t.id = %(id)s)
   AND (%(organisations)s::text[] IS NULL OR o.key = ANY (%(organisations)s) OR o.id::text = ANY (%(organisations)s))
   AND (%(fraction)s::text IS NULL OR c.waste_fraction = %(fraction)s)
   AND (%(min_fill)s::float8 IS NULL OR f.fill_percent >= %(min_fill)s)
 ORDER BY t.id
 LIMIT %(limit)s;
