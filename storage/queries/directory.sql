-- name: version
-- Moves whenever a device, installation, datastream or organisation changes.
SELECT version FROM directory_version

-- name: devices
-- Every device in use.
SELECT d.id, d.organisation_id, o.key AS organisation_key, d.key, d.profile_key
  FROM device d JOIN organisation o ON o.id = d.organisation_id
 WHERE d.retired_at IS NULL

-- name: installations
-- Every installation, the newest of a device first.
SELECT i.id, i.organisation_id, o.key AS organisation_key, i.device_id, d.key AS device_key, i.thing_id, d.profile_key,
       i.parameters, i.valid_from, i.valid_until
  FROM installation i
  JOIN device d ON d.id = i.device_id
  JOIN organisation o ON o.id = i.organisation_id
 WHERE d.retired_at IS NULL
 ORDER BY i.device_id, i.valid_from DESC

-- name: datastreams
-- The datastreams that messages may fill or that follow from them.
SELECT id, thing_id, quantity, qualifier FROM datastream
