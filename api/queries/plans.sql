-- name: plans
-- Plans, the newest first, with their tours in brief.
SELECT p.id, p.organisation_id, p.day, p.status, p.progress, p.feasible, p.publish, p.seed, p.seconds, p.iterations,
       p.summary, p.diagnosis, p.author, p.reason, p.created_at, p.computed_at, p.published_at, t.tours
  FROM plan p
 CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
                 'id', t.id, 'number', t.number,
                 'vehicle', jsonb_build_object('id', t.vehicle_id, 'name', v.name),
                 'begins_at', t.begins_at, 'ends_at', t.ends_at, 'distance_m', t.distance_m,
                 'stops', (SELECT count(*) FROM stop s WHERE s.tour_id = t.id AND s.kind = 'container')
               ) ORDER BY t.number), '[]') AS tours
          FROM tour t
          LEFT JOIN vehicle v ON v.id = t.vehicle_id
         WHERE t.plan_id = p.id) t
 WHERE (%(before)s::int IS NULL OR p.id < %(before)s)
   AND (%(id)s::int IS NULL OR p.id = %(id)s)
   AND (%(day)s::date IS NULL OR p.day = %(day)s)
   AND (%(status)s::text IS NULL OR p.status = %(status)s)
 ORDER BY p.id DESC
 LIMIT %(limit)s;

-- name: insert_plan
-- Ask for a plan; the job that computes it is deferred in the same transaction.
INSERT INTO plan (organisation_id, day, publish, seed, seconds, iterations, author, reason)
VALUES (%(organisation)s, %(day)s, %(publish)s, %(seed)s, %(seconds)s, %(iterations)s, %(author)s, %(reason)s)
RETURNING id;

-- name: set_job
-- Remember which job computes the plan.
UPDATE plan SET job_id = %(job)s WHERE id = %(id)s;

-- name: lock_plan
-- One plan, locked against others who publish it.
SELECT id, organisation_id, day, status, feasible FROM plan WHERE id = %(id)s FOR UPDATE;

-- name: in_force
-- The published plan of the same organisation and day, locked, if there is one.
SELECT id, status FROM plan
 WHERE organisation_id = %(organisation)s AND day = %(day)s AND status IN ('published', 'in_progress')
   FOR UPDATE;

-- name: supersede
-- Take a published plan out of force.
UPDATE plan SET status = 'superseded' WHERE id = %(id)s;

-- name: publish
-- Put a plan into force.
UPDATE plan SET status = 'published', published_at = %(now)s WHERE id = %(id)s;

-- name: hint
-- Wake the live listeners when this transaction is committed.
NOTIFY landpuls_live;
