-- name: organisations
-- Every tenant.
SELECT id, key, name, kind, replanning, invented, created_at FROM organisation ORDER BY key

-- name: organisation
-- The id of a tenant.
SELECT id FROM organisation WHERE key = %(key)s

-- name: set_replanning
-- How much of a day's former plan holds when the day is planned again.
UPDATE organisation SET replanning = %(wish)s WHERE id = %(organisation)s

-- name: api_keys
-- Keys without what they are: who they belong to, what they may do, and until when.
SELECT k.id, o.key AS organisation, k.name, k.prefix, k.role, k.installation_wide, k.created_at, k.expires_at, k.revoked_at
  FROM api_key k JOIN organisation o ON o.id = k.organisation_id
 WHERE coalesce(o.key = %(organisation)s::text, true)
 ORDER BY k.id
