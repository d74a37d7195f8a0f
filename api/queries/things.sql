-- name: things
-- Things with the newest value of each of their datastreams; the page is cut before the values are looked up.
SELECT t.*, l.latest
  FROM (SELECT t.id, t.key, t.name, t.kind, t.organisation_id, t.site_id, t.longitude, t.latitude, o.invented
          FROM thing t
          JOIN organisation o ON o.id = t.organisation_id
         WHERE t.id > coalesce(%(after)s, 0)
           AND (%(id)s::int IS NULL OR t.id = %(id)s)
           AND (%(kind)s::text IS NULL OR t.kind = %(kind)s)
           AND (%(organisations)s::text[] IS NULL OR o.key = ANY (%(organisations)s) OR o.id::text = ANY (%(organisations)s))
           AND (%(west)s::float8 IS NULL
                OR t.longitude BETWEEN %(west)s AND %(east)s AND t.latitude BETWEEN %(south)s AND %(north)s)
         ORDER BY t.id
         LIMIT %(limit)s) t
 CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
                 'datastream_id', d.id, 'quantity', d.quantity, 'qualifier', d.qualifier, 'unit', d.unit,
                 'time', v.time, 'value', v.value, 'quality', v.quality, 'period_s', v.period_s
               ) ORDER BY d.quantity, d.qualifier), '[]') AS latest
          FROM datastream d
          JOIN latest v ON v.datastream_id = d.id
         WHERE d.thing_id = t.id) l
 ORDER BY t.id;

-- name: datastreams
-- Everything that is observed at one thing.
SELECT id, quantity, qualifier, unit, aggregation, derivation, derived_from, period_s
  FROM datastream
 WHERE thing_id = %(thing)s
 ORDER BY quantity, qualifier;
