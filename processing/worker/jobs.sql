-- name: requested
-- How a requested plan is to be computed.
SELECT seed, seconds, iterations FROM plan WHERE id = %(plan_id)s;
