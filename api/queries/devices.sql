-- name: devices
-- Devices with where they are installed now and when they were last heard; most were within two days, which reads little.
SELECT d.id, d.key, d.name, d.profile_key, d.organisation_id, d.retired_at, i.thing_id,
       coalesce((SELECT max(received_at) FROM visible_message
                  WHERE device_id = d.id AND received_at > %(now)s::timestamptz - interval '2 days'),
                (SELECT max(received_at) FROM visible_message WHERE device_id = d.id)) AS last_seen_at
  FROM device d
  JOIN organisation o ON o.id = d.organisation_id
  LEFT JOIN LATERAL (SELECT thing_id FROM installation
                      WHERE device_id = d.id AND valid_from <= %(now)s AND coalesce(valid_until > %(now)s, true)
                      LIMIT 1) i ON true
 WHERE d.id > coalesce(%(after)s, 0)
   AND (%(id)s::int IS NULL OR d.id = %(id)s)
   AND (%(organisations)s::text[] IS NULL OR o.key = ANY (%(organisations)s) OR o.id::text = ANY (%(organisations)s))
   AND (%(profile)s::text IS NULL OR d.profile_key = %(profile)s)
 ORDER BY d.id
 LIMIT %(limit)s;
