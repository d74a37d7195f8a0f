-- Who may do what: grants for each role, row security for what organisations own, views for what carries none.
-- touches: nothing

GRANT USAGE ON SCHEMA landpuls TO landpuls_ingest, landpuls_worker, landpuls_api;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA landpuls FROM PUBLIC;
GRANT EXECUTE ON FUNCTION readable_organisations(), writable_organisations()
  TO landpuls_ingest, landpuls_worker, landpuls_api;
GRANT EXECUTE ON FUNCTION ensure_partitions(date[]) TO landpuls_ingest, landpuls_worker;
GRANT EXECUTE ON FUNCTION claim_slice(text, timestamptz), drop_slice(text, timestamptz, timestamptz) TO landpuls_worker;

-- Ingest: from messages to rows. It neither plans nor reads keys.
GRANT SELECT ON organisation, site, thing, container, device_profile, device, installation, datastream TO landpuls_ingest;
GRANT INSERT ON device_profile TO landpuls_ingest;
GRANT SELECT, INSERT, UPDATE ON reading, message_key, latest TO landpuls_ingest;
GRANT SELECT, INSERT ON passage, message, reading_conflict, touched_interval, event TO landpuls_ingest;
GRANT USAGE ON SEQUENCE message_id TO landpuls_ingest, landpuls_worker;

-- The worker: rollups, states, plans, retention.
GRANT SELECT ON organisation, organisation_grant, site, thing, container, device_profile, device, installation, datastream,
  depot, disposal_facility, vehicle, shift, map_feature TO landpuls_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON reading, passage, message, message_key, reading_conflict, latest, touched_interval,
  ledger_closed, removed_rows, container_state, counter_state, event, plan, tour, stop, collection TO landpuls_worker;

-- The API: reads what row security lets through, writes plans and collections.
GRANT SELECT ON organisation, organisation_grant, site, thing, container, device_profile, device, installation, datastream,
  latest, ledger_closed, container_state, counter_state, event, depot, disposal_facility, vehicle, shift, plan, tour, stop,
  collection, map_feature TO landpuls_api;
GRANT INSERT, UPDATE, DELETE ON plan, tour, stop TO landpuls_api;
GRANT INSERT ON collection TO landpuls_api;

-- Row security. Our own services see all rows; the API sees and writes what the request's principal may.

DO $$
DECLARE
  owned regclass;
BEGIN
  FOR owned IN
    SELECT c.oid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'landpuls'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition
       AND a.attname = 'organisation_id' AND NOT a.attisdropped AND c.relname <> 'message'
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', owned);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', owned);
    EXECUTE format('CREATE POLICY services ON %s TO landpuls_owner, landpuls_ingest, landpuls_worker
                    USING (true) WITH CHECK (true)', owned);
    EXECUTE format('CREATE POLICY readable ON %s FOR SELECT TO landpuls_api
                    USING (organisation_id = ANY ((SELECT readable_organisations())::int[]))', owned);
    EXECUTE format('CREATE POLICY added ON %s FOR INSERT TO landpuls_api
                    WITH CHECK (organisation_id = ANY ((SELECT writable_organisations())::int[]))', owned);
    EXECUTE format('CREATE POLICY changed ON %s FOR UPDATE TO landpuls_api
                    USING (organisation_id = ANY ((SELECT writable_organisations())::int[]))
                    WITH CHECK (organisation_id = ANY ((SELECT writable_organisations())::int[]))', owned);
    EXECUTE format('CREATE POLICY removed ON %s FOR DELETE TO landpuls_api
                    USING (organisation_id = ANY ((SELECT writable_organisations())::int[]))', owned);
  END LOOP;
END $$;

ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation FORCE ROW LEVEL SECURITY;
CREATE POLICY services ON organisation TO landpuls_owner, landpuls_ingest, landpuls_worker USING (true) WITH CHECK (true);
CREATE POLICY readable ON organisation FOR SELECT TO landpuls_api
  USING (id = ANY ((SELECT readable_organisations())::int[]));

-- Both sides of a grant see it, and who drove sees what it collected.
CREATE POLICY granted ON organisation_grant FOR SELECT TO landpuls_api
  USING (grantee_id = ANY ((SELECT readable_organisations())::int[]));
CREATE POLICY driven ON collection FOR SELECT TO landpuls_api
  USING (collector_id = ANY ((SELECT readable_organisations())::int[]));

-- Sums of messages that belonged to nobody are seen by whom the messages were: by keys for the whole installation.
CREATE POLICY unowned ON ledger_closed FOR SELECT TO landpuls_api
  USING (organisation_id IS NULL AND current_setting('landpuls.unowned', true) = 'on');

-- Large tables carry no row security (compression and continuous aggregates refuse it), so the API has no right on them
-- and reads them through these views only.

CREATE VIEW visible_reading WITH (security_barrier) AS
SELECT r.datastream_id, r.time, r.value, r.period_s, r.weight, r.quality, d.thing_id, d.organisation_id
  FROM reading r JOIN datastream d ON d.id = r.datastream_id
 WHERE d.organisation_id = ANY ((SELECT readable_organisations())::int[]);

CREATE VIEW visible_reading_conflict WITH (security_barrier) AS
SELECT c.*, d.thing_id, d.organisation_id
  FROM reading_conflict c JOIN datastream d ON d.id = c.datastream_id
 WHERE d.organisation_id = ANY ((SELECT readable_organisations())::int[]);

CREATE VIEW visible_passage WITH (security_barrier) AS
SELECT p.*, t.organisation_id
  FROM passage p JOIN thing t ON t.id = p.thing_id
 WHERE t.organisation_id = ANY ((SELECT readable_organisations())::int[]);

-- Messages that belong to no organisation we know are seen only by keys for the whole installation.
CREATE VIEW visible_message WITH (security_barrier) AS
SELECT * FROM message
 WHERE organisation_id = ANY ((SELECT readable_organisations())::int[])
    OR (organisation_id IS NULL AND current_setting('landpuls.unowned', true) = 'on');

DO $$
DECLARE
  resolution text;
BEGIN
  FOREACH resolution IN ARRAY ARRAY['15min', 'hour', 'day'] LOOP
    EXECUTE format('CREATE VIEW visible_rollup_%1$s WITH (security_barrier) AS
      SELECT r.datastream_id, r.begins_at, r.sum, r.count, r.weight, r.min, r.max, r.first, r.last, r.covered_s,
             d.thing_id, d.organisation_id
        FROM rollup_%1$s r JOIN datastream d ON d.id = r.datastream_id
       WHERE d.organisation_id = ANY ((SELECT readable_organisations())::int[])', resolution);
  END LOOP;
END $$;

GRANT SELECT ON visible_reading, visible_reading_conflict, visible_passage, visible_message,
  visible_rollup_15min, visible_rollup_hour, visible_rollup_day TO landpuls_api, landpuls_worker;

-- Who a key belongs to and what it may do; no row at all for a key that is unknown, expired or revoked.
CREATE FUNCTION authenticate(key_hash bytea)
RETURNS TABLE (organisation_id int, organisation_key text, role text, readable int[], plannable int[], operable int[],
               installation_wide boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = landpuls, pg_temp AS $$
  SELECT o.id, o.key, k.role,
         o.id || coalesce(g.readable, '{}'), o.id || coalesce(g.plannable, '{}'), o.id || coalesce(g.operable, '{}'),
         k.installation_wide
    FROM api_key k
    JOIN organisation o ON o.id = k.organisation_id
    CROSS JOIN LATERAL (
      SELECT array_agg(DISTINCT g.organisation_id) AS readable,
             array_agg(DISTINCT g.organisation_id) FILTER (WHERE g.permission = 'plan') AS plannable,
             array_agg(DISTINCT g.organisation_id) FILTER (WHERE g.permission = 'operate') AS operable
        FROM organisation_grant g
       WHERE g.grantee_id = o.id AND g.valid_from <= now() AND coalesce(g.valid_until > now(), true)) AS g
   WHERE k.hash = key_hash AND k.revoked_at IS NULL AND coalesce(k.expires_at > now(), true)
$$;
REVOKE ALL ON FUNCTION authenticate(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION authenticate(bytea) TO landpuls_api;

-- What ingest keeps in memory about devices is read anew when this number moves.

CREATE TABLE directory_version (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  version   bigint NOT NULL,
  changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id()   -- one step a transaction is enough
);
INSERT INTO directory_version (version) VALUES (1);
GRANT SELECT ON directory_version TO landpuls_ingest, landpuls_worker;

CREATE FUNCTION directory_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = landpuls, pg_temp AS $$
BEGIN
  UPDATE directory_version SET version = version + 1, changed_xid = pg_current_xact_id()
   WHERE changed_xid <> pg_current_xact_id() OR version = 1;
  PERFORM pg_notify('landpuls_directory', '');
  RETURN NULL;
END $$;

CREATE TRIGGER directory AFTER INSERT OR UPDATE OR DELETE ON organisation EXECUTE FUNCTION directory_changed();
CREATE TRIGGER directory AFTER INSERT OR UPDATE OR DELETE ON device EXECUTE FUNCTION directory_changed();
CREATE TRIGGER directory AFTER INSERT OR UPDATE OR DELETE ON installation EXECUTE FUNCTION directory_changed();
CREATE TRIGGER directory AFTER INSERT OR UPDATE OR DELETE ON datastream EXECUTE FUNCTION directory_changed();
