-- name: organisations
-- Organisations that the caller may read, its own included.
SELECT id, key, name, kind, longitude, latitude, invented
  FROM organisation
 WHERE id > coalesce(%(after)s, 0)
   AND id = ANY (readable_organisations())
 ORDER BY id
 LIMIT %(limit)s;

-- name: organisation
-- One organisation.
SELECT id, key, name FROM organisation WHERE id = %(id)s;

-- name: map_features
-- What is drawn beneath the things, the most important first.
SELECT id, kind, name, rank, geometry
  FROM map_feature
 ORDER BY rank, id;
