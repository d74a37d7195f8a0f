-- name: planners
-- Organisations that have vehicles in service, or the one with the key if it has any.
SELECT id, key FROM organisation
WHERE (%(key)s::text IS NULL OR key = %(key)s)
  AND EXISTS (SELECT FROM vehicle WHERE vehicle.organisation_id = organisation.id AND vehicle.retired_at IS NULL)
ORDER BY key;

-- name: request
-- A plan to be computed.
INSERT INTO plan (organisation_id, day, publish, seconds, iterations, seed, author)
VALUES (%(organisation_id)s, %(day)s, %(publish)s, %(seconds)s, %(iterations)s, %(seed)s, 'landpuls plan')
RETURNING id;

-- name: result
-- What became of a plan, with its tours.
SELECT plan.id, plan.day, plan.status, plan.feasible, plan.summary, plan.diagnosis,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
           'number', tour.number, 'vehicle', vehicle.name, 'begins_at', tour.begins_at, 'ends_at', tour.ends_at,
           'distance_m', tour.distance_m,
           'stops', (SELECT count(*) FROM stop WHERE stop.tour_id = tour.id AND stop.kind = 'container')) ORDER BY tour.number)
         FROM tour JOIN vehicle ON vehicle.id = tour.vehicle_id WHERE tour.plan_id = plan.id), '[]') AS tours
FROM plan WHERE plan.id = %(id)s;
