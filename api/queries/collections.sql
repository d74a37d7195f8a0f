-- name: collections
-- What was done at containers, the newest first.
SELECT id, organisation_id, collector_id, thing_id, stop_id, collected_at, outcome, reason, amount_l, weight_kg, source,
       idempotency_key, created_at
  FROM collection
 WHERE (%(thing)s::int IS NULL OR thing_id = %(thing)s)
   AND collected_at >= %(from)s AND collected_at < %(to)s
   AND (%(before)s::timestamptz IS NULL OR (collected_at, id) < (%(before)s, %(before_id)s))
 ORDER BY collected_at DESC, id DESC
 LIMIT %(limit)s;

-- name: container_owner
-- Whose container a thing is.
SELECT c.organisation_id FROM container c WHERE c.thing_id = %(thing)s;

-- name: stop_of
-- A stop with its plan.
SELECT s.thing_id, p.id AS plan_id, p.status
  FROM stop s
  JOIN tour t ON t.id = s.tour_id
  JOIN plan p ON p.id = t.plan_id
 WHERE s.id = %(stop)s;

-- name: insert_collection
-- Record what was done, once for each idempotency key.
INSERT INTO collection (organisation_id, collector_id, thing_id, stop_id, collected_at, outcome, reason, amount_l, weight_kg,
                        source, idempotency_key)
VALUES (%(organisation)s, %(collector)s, %(thing)s, %(stop)s, %(collected_at)s, %(outcome)s, %(reason)s, %(amount_l)s,
        %(weight_kg)s, %(source)s, %(key)s)
    ON CONFLICT (idempotency_key) DO NOTHING
RETURNING id, organisation_id, collector_id, thing_id, stop_id, collected_at, outcome, reason, amount_l, weight_kg, source,
          idempotency_key, created_at;

-- name: collection_of_key
-- The collection that was recorded with an idempotency key, and whether it is the same as this one.
SELECT id, organisation_id, collector_id, thing_id, stop_id, collected_at, outcome, reason, amount_l, weight_kg, source,
       idempotency_key, created_at,
       (collector_id, thing_id, stop_id, collected_at, outcome, reason, amount_l, weight_kg)
         IS NOT DISTINCT FROM
       (%(collector)s::int, %(thing)s::int, %(stop)s::int, %(collected_at)s::timestamptz, %(outcome)s::text,
        %(reason)s::text, %(amount_l)s::real, %(weight_kg)s::real) AS same
  FROM collection
 WHERE idempotency_key = %(key)s;

-- name: advance_plan
-- A plan is in progress from the first collection on, and done when each of its containers has one.
UPDATE plan p
   SET status = CASE WHEN NOT EXISTS (SELECT FROM tour t JOIN stop s ON s.tour_id = t.id
                                       WHERE t.plan_id = p.id AND s.kind = 'container'
                                         AND NOT EXISTS (SELECT FROM collection c WHERE c.stop_id = s.id))
                     THEN 'done' ELSE 'in_progress' END
 WHERE p.id = %(plan)s AND p.status IN ('published', 'in_progress');

-- name: hint
-- Wake the live listeners when this transaction is committed.
NOTIFY landpuls_live;
