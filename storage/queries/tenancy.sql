-- name: authenticate
-- The principal of a key's hash, or no row.
SELECT organisation_id, organisation_key, role, readable, plannable, operable, installation_wide
  FROM authenticate(%(hash)s)

-- name: bind
-- Bind the running transaction to a principal; unset means that nothing is visible.
SELECT set_config('landpuls.organisations', %(organisations)s, true),
       set_config('landpuls.writable', %(writable)s, true),
       set_config('landpuls.unowned', %(unowned)s, true)
