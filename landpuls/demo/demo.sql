-- name: has_organisation
-- The id of an organisation by its key.
SELECT id FROM landpuls.organisation WHERE key = %(key)s

-- name: new_messages
-- Counts of the messages committed after a given one, by outcome and redelivery, with the last of them.
SELECT outcome, redelivered, count(*) AS messages, sum(reading_count)::bigint AS readings,
       max(id) AS last_id, max(received_at) AS last_received_at
FROM landpuls.message
WHERE received_at >= %(from)s AND id > %(after)s
GROUP BY outcome, redelivered

-- name: containers_known
-- How many containers there are, of how many the fill level is known, and of how many it is of the last hours.
SELECT count(*), count(state.fill_percent), count(*) FILTER (WHERE state.fill_time > now() - interval '10 hours')
FROM landpuls.container LEFT JOIN landpuls.container_state AS state USING (thing_id)

-- name: fullest
-- The fullest containers.
SELECT thing.name, organisation.name, container.waste_fraction, state.fill_percent, state.full_at
FROM landpuls.container_state AS state
JOIN landpuls.container USING (thing_id)
JOIN landpuls.thing ON thing.id = state.thing_id
JOIN landpuls.organisation ON organisation.id = thing.organisation_id
WHERE state.fill_percent IS NOT NULL
ORDER BY state.fill_percent DESC, thing.id
LIMIT %(limit)s

-- name: plan
-- The newest plan of a day with its tours and stops, and how many of the stops are done.
SELECT plan.id, plan.status, plan.feasible, plan.summary, plan.diagnosis,
       (SELECT count(*) FROM landpuls.tour WHERE tour.plan_id = plan.id) AS tours,
       count(stop.id) FILTER (WHERE stop.kind = 'container') AS stops,
       count(DISTINCT collection.stop_id) AS done
FROM landpuls.plan
LEFT JOIN landpuls.tour ON tour.plan_id = plan.id
LEFT JOIN landpuls.stop ON stop.tour_id = tour.id
LEFT JOIN landpuls.collection ON collection.stop_id = stop.id AND collection.outcome = 'served'
WHERE plan.day = %(day)s AND plan.status <> 'superseded'
GROUP BY plan.id
ORDER BY plan.status IN ('published', 'in_progress', 'done') DESC, plan.id DESC
LIMIT 1

-- name: counters
-- Vehicles an hour over all counters, and how many of them report.
SELECT coalesce(sum(quarter_flow_per_h), 0)::float8, count(quarter_flow_per_h) FROM landpuls.counter_state
