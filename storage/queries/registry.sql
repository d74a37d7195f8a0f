-- name: add_organisation
-- A tenant.
INSERT INTO organisation (key, name, kind, longitude, latitude, invented)
VALUES (%(key)s, %(name)s, %(kind)s, %(longitude)s, %(latitude)s, %(invented)s) RETURNING id

-- name: grant
-- Let another organisation read, plan or operate what one owns; granting twice changes only the period.
INSERT INTO organisation_grant (organisation_id, grantee_id, permission, valid_from, valid_until)
VALUES (%(organisation_id)s, %(grantee_id)s, %(permission)s, coalesce(%(valid_from)s::timestamptz, now()), %(valid_until)s)
ON CONFLICT (organisation_id, grantee_id, permission)
DO UPDATE SET valid_from = excluded.valid_from, valid_until = excluded.valid_until RETURNING id

-- name: add_api_key
-- Only the hash of a key is kept.
INSERT INTO api_key (organisation_id, name, prefix, hash, role, expires_at, installation_wide)
VALUES (%(organisation_id)s, %(name)s, %(prefix)s, %(hash)s, %(role)s, %(expires_at)s, %(installation_wide)s) RETURNING id

-- name: revoke_api_key
-- A revoked key is refused from now on.
UPDATE api_key SET revoked_at = now() WHERE id = %(id)s AND revoked_at IS NULL RETURNING id

-- name: add_site
-- A place where containers stand.
INSERT INTO site (organisation_id, key, name, address, longitude, latitude, setup_s, access_note)
VALUES (%(organisation_id)s, %(key)s, %(name)s, %(address)s, %(longitude)s, %(latitude)s, %(setup_s)s, %(access_note)s)
RETURNING id

-- name: add_thing
-- What is observed.
INSERT INTO thing (organisation_id, key, name, kind, site_id, longitude, latitude, properties)
VALUES (%(organisation_id)s, %(key)s, %(name)s, %(kind)s, %(site_id)s, %(longitude)s, %(latitude)s, %(properties)s)
RETURNING id

-- name: add_container
-- The container that stands in a slot; its organisation and site are those of the slot.
INSERT INTO container (thing_id, organisation_id, site_id, waste_fraction, volume_l, density_kg_l, service_s,
                       threshold_percent, max_interval_days)
SELECT id, organisation_id, site_id, %(waste_fraction)s, %(volume_l)s, %(density_kg_l)s, %(service_s)s,
       %(threshold_percent)s, %(max_interval_days)s
  FROM thing WHERE id = %(thing_id)s
RETURNING thing_id

-- name: add_device
-- A device; its key is lower-case hex where it is a DevEUI.
INSERT INTO device (organisation_id, key, name, profile_key)
VALUES (%(organisation_id)s, %(key)s, %(name)s, %(profile_key)s) RETURNING id

-- name: add_installation
-- A device at a thing from an instant on; the thing's organisation owns it.
INSERT INTO installation (organisation_id, device_id, thing_id, valid_from, valid_until, is_primary, parameters)
SELECT organisation_id, %(device_id)s, id, %(valid_from)s, %(valid_until)s, %(is_primary)s, %(parameters)s
  FROM thing WHERE id = %(thing_id)s
RETURNING id

-- name: end_installation
-- The device is taken away; its thing keeps the history.
UPDATE installation SET valid_until = %(valid_until)s
 WHERE device_id = %(device_id)s AND valid_until IS NULL RETURNING id

-- name: add_datastreams
-- The datastreams that a profile needs at a thing; those of an earlier device are kept and go on.
INSERT INTO datastream (organisation_id, thing_id, quantity, qualifier, unit, aggregation, derivation, max_step,
                        wraps_at, period_s)
SELECT t.organisation_id, t.id, s.*
  FROM thing t,
       unnest(%(quantity)s::text[], %(qualifier)s::text[], %(unit)s::text[], %(aggregation)s::text[],
              %(derivation)s::text[], %(max_step)s::float8[], %(wraps_at)s::float8[], %(period_s)s::int[]) AS s
 WHERE t.id = %(thing_id)s
ON CONFLICT (thing_id, quantity, qualifier)
DO UPDATE SET derivation = excluded.derivation, max_step = excluded.max_step, wraps_at = excluded.wraps_at, period_s = excluded.period_s

-- name: link_datastreams
-- Which counter a difference is taken of.
UPDATE datastream AS target SET derived_from = source.id
  FROM datastream AS source,
       unnest(%(quantity)s::text[], %(qualifier)s::text[], %(source_quantity)s::text[], %(source_qualifier)s::text[])
         AS link (quantity, qualifier, source_quantity, source_qualifier)
 WHERE target.thing_id = %(thing_id)s AND target.quantity = link.quantity AND target.qualifier = link.qualifier
   AND source.thing_id = %(thing_id)s AND source.quantity = link.source_quantity AND source.qualifier = link.source_qualifier

-- name: add_profile
-- A device profile as it was read; a version never changes.
INSERT INTO device_profile (key, version, definition) VALUES (%(key)s, %(version)s, %(definition)s) ON CONFLICT DO NOTHING

-- name: add_depot
-- Where vehicles begin and end.
INSERT INTO depot (organisation_id, key, name, longitude, latitude)
VALUES (%(organisation_id)s, %(key)s, %(name)s, %(longitude)s, %(latitude)s) RETURNING id

-- name: add_facility
-- Where vehicles unload.
INSERT INTO disposal_facility (organisation_id, key, name, longitude, latitude, fractions, service_s, opens, closes)
VALUES (%(organisation_id)s, %(key)s, %(name)s, %(longitude)s, %(latitude)s, %(fractions)s, %(service_s)s, %(opens)s,
        %(closes)s)
RETURNING id

-- name: add_vehicle
-- A collection vehicle of a depot, whose organisation owns it.
INSERT INTO vehicle (organisation_id, depot_id, key, name, fractions, capacity_l, capacity_kg, fixed_cost_cents,
                     cost_per_km_cents, cost_per_h_cents)
SELECT organisation_id, id, %(key)s, %(name)s, %(fractions)s, %(capacity_l)s, %(capacity_kg)s, %(fixed_cost_cents)s,
       %(cost_per_km_cents)s, %(cost_per_h_cents)s
  FROM depot WHERE id = %(depot_id)s
RETURNING id

-- name: add_shift
-- When a vehicle drives: ISO weekday and Berlin wall time.
INSERT INTO shift (organisation_id, vehicle_id, weekday, begins, ends)
SELECT organisation_id, id, %(weekday)s, %(begins)s, %(ends)s FROM vehicle WHERE id = %(vehicle_id)s RETURNING id

-- name: add_map_feature
-- A place, road or water of the map beneath the things.
INSERT INTO map_feature (organisation_id, kind, name, rank, geometry)
VALUES (%(organisation_id)s, %(kind)s, %(name)s, %(rank)s, %(geometry)s) RETURNING id
