-- name: tours
-- Tours with all of their stops and what was done there: of one plan, of one id, or of the plans in force on a day.
SELECT t.id, t.plan_id, p.day, p.status AS plan_status, t.organisation_id, t.number,
       jsonb_build_object('id', t.vehicle_id, 'name', v.name) AS vehicle,
       t.begins_at, t.ends_at, t.distance_m, t.drive_s, t.cost_cents, s.stops
  FROM tour t
  JOIN plan p ON p.id = t.plan_id
  LEFT JOIN vehicle v ON v.id = t.vehicle_id
 CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
                 'id', s.id, 'position', s.position, 'kind', s.kind, 'thing_id', s.thing_id,
                 'name', coalesce(th.name, f.name, d.name, ''), 'site_name', si.name, 'address', si.address,
                 'access_note', si.access_note, 'waste_fraction', c.waste_fraction,
                 'longitude', s.longitude, 'latitude', s.latitude,
                 'arrives_at', s.arrives_at, 'begins_at', s.begins_at, 'departs_at', s.departs_at,
                 'distance_m', s.distance_m, 'load_l', s.load_l, 'load_kg', s.load_kg,
                 'demand_l', s.demand_l, 'demand_kg', s.demand_kg, 'required', s.required,
                 'collection', (SELECT jsonb_build_object('outcome', x.outcome, 'collected_at', x.collected_at)
                                  FROM collection x
                                 WHERE x.stop_id = s.id
                                 ORDER BY x.collected_at DESC, x.id DESC
                                 LIMIT 1)
               ) ORDER BY s.position), '[]') AS stops
          FROM stop s
          LEFT JOIN thing th ON th.id = s.thing_id
          LEFT JOIN container c ON c.thing_id = s.thing_id
          LEFT JOIN site si ON si.id = c.site_id
          LEFT JOIN disposal_facility f ON f.id = s.facility_id
          LEFT JOIN depot d ON d.id = s.depot_id
         WHERE s.tour_id = t.id) s
 WHERE (%(id)s::int IS NULL OR t.id = %(id)s)
   AND (%(plan)s::int IS NULL OR t.plan_id = %(plan)s)
   AND (%(day)s::date IS NULL OR p.day = %(day)s AND p.status IN ('published', 'in_progress', 'done'))
 ORDER BY t.plan_id, t.number;

-- name: plan_exists
-- Whether the caller may see a plan.
SELECT id FROM plan WHERE id = %(plan)s;
