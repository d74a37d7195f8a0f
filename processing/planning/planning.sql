-- name: start
-- Take up a requested plan; no row if it is gone or was taken into force meanwhile.
UPDATE plan SET status = 'computing', progress = 0
 WHERE id = %(plan)s AND status IN ('requested', 'computing', 'draft', 'infeasible', 'failed')
RETURNING organisation_id, day, publish;

-- name: hint
-- Tell listeners that something changed.
SELECT pg_notify('landpuls_live', '');

-- name: progress
-- How far the search is, from 0 to 1.
UPDATE plan SET progress = %(progress)s WHERE id = %(plan)s;

-- name: plannable
-- The planner itself and all organisations that let it plan for them at this instant.
SELECT %(organisation)s::int AS id
UNION
SELECT organisation_id FROM organisation_grant
 WHERE grantee_id = %(organisation)s AND permission = 'plan'
   AND valid_from <= %(now)s AND (valid_until IS NULL OR valid_until > %(now)s);

-- name: containers
-- Containers with their site, state and last emptying.
SELECT c.thing_id, t.name, c.site_id, s.name AS site_name, s.longitude, s.latitude, s.setup_s,
       c.waste_fraction, c.volume_l, c.density_kg_l, c.service_s, c.threshold_percent, c.max_interval_days,
       f.fill_percent, f.fill_time, f.rate_percent_per_day, f.full_at,
       greatest(f.emptied_at, e.collected_at) AS emptied_at, e.collected_at
  FROM container c
  JOIN thing t ON t.id = c.thing_id
  JOIN site s ON s.id = c.site_id
  LEFT JOIN container_state f ON f.thing_id = c.thing_id
  LEFT JOIN LATERAL (SELECT max(collected_at) AS collected_at FROM collection
                      WHERE thing_id = c.thing_id AND outcome = 'served' AND collected_at <= %(now)s) e ON true
 WHERE c.organisation_id = ANY (%(organisations)s)
 ORDER BY c.thing_id;

-- name: depots
-- Where vehicles begin and end.
SELECT id, name, longitude, latitude FROM depot WHERE organisation_id = ANY (%(organisations)s) ORDER BY id;

-- name: facilities
-- Where vehicles unload.
SELECT id, name, longitude, latitude, fractions, service_s, opens, closes
  FROM disposal_facility WHERE organisation_id = ANY (%(organisations)s) ORDER BY id;

-- name: vehicles
-- Vehicles with a shift on this weekday, once for each shift.
SELECT v.id, h.id AS shift_id, v.name, v.depot_id, v.fractions, v.capacity_l, v.capacity_kg, v.fixed_cost_cents,
       v.cost_per_km_cents, v.cost_per_h_cents, h.begins, h.ends
  FROM vehicle v JOIN shift h ON h.vehicle_id = v.id
 WHERE v.organisation_id = ANY (%(organisations)s) AND v.retired_at IS NULL AND h.weekday = %(weekday)s
 ORDER BY v.id, h.begins;

-- name: former
-- The plan of the same organisation and day to begin with: the one in force, else this one as it was, else the last one
-- computed; with the organisation's wish.
SELECT p.id, o.replanning
  FROM plan p JOIN organisation o ON o.id = p.organisation_id
 WHERE p.organisation_id = %(organisation)s AND p.day = %(day)s
   AND (p.status IN ('published', 'in_progress', 'draft', 'infeasible') OR p.id = %(plan)s)
   AND EXISTS (SELECT FROM tour WHERE tour.plan_id = p.id)
 ORDER BY p.status IN ('published', 'in_progress') DESC, p.id = %(plan)s DESC, p.computed_at DESC, p.id DESC
 LIMIT 1;

-- name: former_stops
-- What its tours serve and where they unload, in order.
SELECT t.id AS tour_id, t.vehicle_id, t.begins_at AS tour_begins_at, s.thing_id, s.facility_id, s.begins_at
  FROM tour t JOIN stop s ON s.tour_id = t.id
 WHERE t.plan_id = %(plan)s AND s.kind IN ('container', 'unload')
 ORDER BY t.number, s.position;

-- name: clear
-- Remove the tours of an earlier computation of the same plan.
DELETE FROM tour WHERE plan_id = %(plan)s;

-- name: add_tour
-- One tour.
INSERT INTO tour (organisation_id, plan_id, vehicle_id, number, begins_at, ends_at, distance_m, drive_s, cost_cents)
VALUES (%(organisation)s, %(plan)s, %(vehicle)s, %(number)s, %(begins_at)s, %(ends_at)s, %(distance_m)s, %(drive_s)s,
        %(cost_cents)s)
RETURNING id;

-- name: add_stop
-- One stop of a tour.
INSERT INTO stop (organisation_id, tour_id, position, kind, thing_id, facility_id, depot_id, longitude, latitude,
                  arrives_at, begins_at, departs_at, distance_m, load_l, load_kg, demand_l, demand_kg, required)
VALUES (%(organisation)s, %(tour)s, %(position)s, %(kind)s, %(thing)s, %(facility)s, %(depot)s, %(longitude)s,
        %(latitude)s, %(arrives_at)s, %(begins_at)s, %(departs_at)s, %(distance_m)s, %(load_l)s, %(load_kg)s,
        %(demand_l)s, %(demand_kg)s, %(required)s);

-- name: finish
-- What became of the plan.
UPDATE plan SET status = %(status)s, progress = 1, feasible = %(feasible)s, summary = %(summary)s,
       diagnosis = %(diagnosis)s, problem = %(problem)s, iterations = %(iterations)s, computed_at = %(now)s
 WHERE id = %(plan)s;

-- name: fail
-- The computation broke off.
UPDATE plan SET status = 'failed', diagnosis = %(diagnosis)s, computed_at = %(now)s WHERE id = %(plan)s;

-- name: in_force
-- The plan of the same organisation and day that is in force, locked.
SELECT id, status FROM plan
 WHERE organisation_id = %(organisation)s AND day = %(day)s AND status IN ('published', 'in_progress')
   AND id <> %(plan)s
   FOR UPDATE;

-- name: supersede
-- Take a published plan out of force.
UPDATE plan SET status = 'superseded' WHERE id = %(id)s;

-- name: publish
-- Put a plan into force.
UPDATE plan SET status = 'published', published_at = %(now)s WHERE id = %(plan)s;
