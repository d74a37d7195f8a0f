-- The region in tables: who owns what, what was received, observed, planned and done.
-- Runs on both homes. What differs (partitions or hypertables, rollup tables or continuous aggregates) follows in
-- 0001_foundation.plain.sql and 0001_foundation.timescale.sql; what stands in /* plain: ... */ runs on plain PostgreSQL only.
-- touches: nothing


-- Tenancy: unset settings mean that nothing is visible.

CREATE FUNCTION readable_organisations() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(string_to_array(nullif(current_setting('landpuls.organisations', true), ''), ',')::int[], '{}');

CREATE FUNCTION writable_organisations() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(string_to_array(nullif(current_setting('landpuls.writable', true), ''), ',')::int[], '{}');

CREATE TABLE organisation (
  id          int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key         text NOT NULL UNIQUE CHECK (key ~ '^[a-z0-9][a-z0-9-]{1,62}$'),  -- the 12-digit ARS where there is one
  name        text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('municipality', 'amt', 'district', 'association', 'contractor')),
  longitude   float8,
  latitude    float8,
  invented    boolean NOT NULL DEFAULT false,  -- demonstration data, labelled so wherever it is shown
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- "organisation_id lets grantee_id read, plan for or operate what it owns"; plan and operate include read.
CREATE TABLE organisation_grant (
  id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,
  grantee_id      int NOT NULL REFERENCES organisation,
  permission      text NOT NULL CHECK (permission IN ('read', 'plan', 'operate')),
  valid_from      timestamptz NOT NULL DEFAULT now(),
  valid_until     timestamptz,
  CHECK (organisation_id <> grantee_id),
  UNIQUE (organisation_id, grantee_id, permission)
);

CREATE TABLE api_key (
  id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,
  name            text NOT NULL,
  prefix          text NOT NULL,           -- the first characters, to tell keys apart; no secret
  hash            bytea NOT NULL UNIQUE,   -- SHA-256 of a 256-bit random key: nothing to guess, so no slow hash
  role            text NOT NULL CHECK (role IN ('viewer', 'planner', 'traffic', 'integrator', 'operator')),
  installation_wide boolean NOT NULL DEFAULT false, -- whether it shows what belongs to no organisation, as messages of unknown devices
  created_at      timestamptz NOT NULL DEFAULT now(),
  expires_at      timestamptz,
  revoked_at      timestamptz
);

-- What is observed, and by what.

CREATE TABLE site (
  id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,
  key             text NOT NULL,
  name            text NOT NULL,
  address         text NOT NULL DEFAULT '',
  longitude       float8 NOT NULL,
  latitude        float8 NOT NULL,
  setup_s         int NOT NULL DEFAULT 60 CHECK (setup_s >= 0),
  access_note     text NOT NULL DEFAULT '',
  UNIQUE (organisation_id, key)
);

CREATE TABLE thing (
  id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,
  key             text NOT NULL,
  name            text NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('container', 'counter', 'meter', 'parking_bay')),
  site_id         int REFERENCES site,
  longitude       float8 NOT NULL,
  latitude        float8 NOT NULL,
  properties      jsonb NOT NULL DEFAULT '{}',
  UNIQUE (organisation_id, key)
);
CREATE INDEX thing_site ON thing (site_id);

-- The container standing in a slot; the slot (thing) keeps the history.
CREATE TABLE container (
  thing_id          int PRIMARY KEY REFERENCES thing,
  organisation_id   int NOT NULL REFERENCES organisation,
  site_id           int NOT NULL REFERENCES site,
  waste_fraction    text NOT NULL CHECK (waste_fraction IN ('residual', 'organic', 'paper', 'glass', 'packaging')),
  volume_l          int NOT NULL CHECK (volume_l > 0),
  density_kg_l      real NOT NULL CHECK (density_kg_l > 0),
  service_s         int NOT NULL DEFAULT 90 CHECK (service_s >= 0),
  threshold_percent real NOT NULL DEFAULT 80 CHECK (threshold_percent BETWEEN 0 AND 100),
  max_interval_days int
);
CREATE INDEX container_site ON container (site_id);

CREATE TABLE device_profile (
  key        text NOT NULL,           -- vendor/device
  version    int NOT NULL,
  definition text NOT NULL,           -- the TOML as it was read
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (key, version)
);

CREATE TABLE device (
  id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,
  key             text NOT NULL,       -- DevEUI in lower-case hex, or the organisation's own name for it
  name            text NOT NULL DEFAULT '',
  profile_key     text NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  retired_at      timestamptz,
  UNIQUE (organisation_id, key)
);
CREATE UNIQUE INDEX device_eui ON device (key) WHERE key ~ '^[0-9a-f]{16}$';

CREATE TABLE installation (
  id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,
  device_id       int NOT NULL REFERENCES device,
  thing_id        int NOT NULL REFERENCES thing,
  valid_from      timestamptz NOT NULL,
  valid_until     timestamptz,
  is_primary      boolean NOT NULL DEFAULT true,
  parameters      jsonb NOT NULL DEFAULT '{}',
  CHECK (valid_until IS NULL OR valid_until > valid_from),
  -- a device is at one thing at a time; an int4range of one number spares the btree_gist extension
  EXCLUDE USING gist (int4range(device_id, device_id, '[]') WITH &&, tstzrange(valid_from, valid_until) WITH &&)
);
CREATE INDEX installation_thing ON installation (thing_id);

CREATE TABLE datastream (
  id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,
  thing_id        int NOT NULL REFERENCES thing,
  quantity        text NOT NULL,
  qualifier       text NOT NULL DEFAULT '',   -- canonical: direction=1;class=lorry sorted by name
  unit            text NOT NULL,              -- UCUM
  aggregation     text NOT NULL CHECK (aggregation IN ('sum', 'mean', 'weighted_mean', 'last', 'max')),
  derivation      text CHECK (derivation IN ('difference', 'passage_count', 'passage_speed')),
  derived_from    int REFERENCES datastream,  -- the counter that a difference is taken of
  max_step        float8,                     -- largest difference that is plausible between neighbouring readings
  wraps_at        float8,                     -- value at which the counter begins anew by itself
  period_s        int,                        -- expected interval, for completeness
  UNIQUE (thing_id, quantity, qualifier)
);
CREATE INDEX datastream_derived ON datastream (derived_from) WHERE derived_from IS NOT NULL;

-- What was received. The next four tables are large: partitioned by day, or hypertables.

CREATE TABLE reading (
  time          timestamptz NOT NULL,
  value         float8 NOT NULL,
  datastream_id int NOT NULL,
  period_s      int,
  weight        real,                 -- vehicles behind a mean speed; null counts as 1
  quality       int2 NOT NULL DEFAULT 0,
  PRIMARY KEY (datastream_id, time)
) /* plain: PARTITION BY RANGE (time) */;

CREATE TABLE passage (
  time            timestamptz NOT NULL,
  message_key     uuid NOT NULL,
  installation_id int NOT NULL,
  thing_id        int NOT NULL,
  ordinal         int2 NOT NULL,
  direction       int2,
  lane            int2,
  speed_kmh       real,
  length_m        real,
  vehicle_class   text,
  quality         int2 NOT NULL DEFAULT 0,
  PRIMARY KEY (installation_id, time, message_key, ordinal)
) /* plain: PARTITION BY RANGE (time) */;
CREATE INDEX passage_thing ON passage (thing_id, time);

CREATE SEQUENCE message_id;

-- A row for each PUBLISH committed. Payloads of duplicates and ignored ones are not kept.
CREATE TABLE message (
  received_at     timestamptz NOT NULL,
  id              bigint NOT NULL DEFAULT nextval('message_id'),
  key             uuid NOT NULL,
  organisation_id int,
  device_id       int,
  installation_id int,
  outcome         int2 NOT NULL CHECK (outcome BETWEEN 1 AND 5),  -- stored, duplicate, quarantined, ignored, discarded
  redelivered     boolean NOT NULL DEFAULT false,
  quality         int2 NOT NULL DEFAULT 0,                        -- Quality.NEW_EPOCH where the key was reused
  reading_count   int NOT NULL DEFAULT 0,     -- readings this message added to the table
  passage_count   int NOT NULL DEFAULT 0,
  duplicate_readings int NOT NULL DEFAULT 0,  -- equal values that stood there already
  conflict_readings  int NOT NULL DEFAULT 0,
  day             date NOT NULL,              -- Berlin day of received_at
  network_time    timestamptz,
  f_cnt           bigint,
  profile_version int,
  profile_key     text,
  envelope        text,
  device_key      text,
  reason          text,
  detail          text,
  topic           text,
  payload         bytea,
  PRIMARY KEY (received_at, id)
) /* plain: PARTITION BY RANGE (received_at) */;
CREATE INDEX message_device ON message (device_id, received_at);
CREATE INDEX message_quarantine ON message (received_at) WHERE outcome = 3;
-- Numbers grow with time, so bounds of them for each stretch of pages lead to one message, and cost ingest next to nothing.
CREATE INDEX message_id_bounds ON message USING brin (id) WITH (pages_per_range = 8, autosummarize = on);

-- Unique constraints of partitioned tables must contain the time, so identity lives in a table of its own.
CREATE TABLE message_key (
  key          uuid NOT NULL PRIMARY KEY,
  payload_hash uuid NOT NULL,
  seen_at      timestamptz NOT NULL
) PARTITION BY HASH (key);
CREATE TABLE message_key_0 PARTITION OF message_key FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE message_key_1 PARTITION OF message_key FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE message_key_2 PARTITION OF message_key FOR VALUES WITH (MODULUS 4, REMAINDER 2);
CREATE TABLE message_key_3 PARTITION OF message_key FOR VALUES WITH (MODULUS 4, REMAINDER 3);

-- Another value for a datastream and time that had one: kept, never dropped.
CREATE TABLE reading_conflict (
  datastream_id int NOT NULL,
  time          timestamptz NOT NULL,
  value         float8 NOT NULL,
  message_id    bigint NOT NULL,
  seen_at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (datastream_id, time, message_id)
);

CREATE TABLE latest (
  datastream_id   int PRIMARY KEY REFERENCES datastream,
  organisation_id int NOT NULL,
  thing_id        int NOT NULL,
  time            timestamptz NOT NULL,
  value           float8 NOT NULL,
  period_s        int,
  quality         int2 NOT NULL,
  changed_xid     xid8 NOT NULL DEFAULT pg_current_xact_id()  -- live listeners catch up by it
) WITH (fillfactor = 50);

-- Appended by every batch, deleted by the worker that has restated them: no row is ever waited for.
CREATE TABLE touched_interval (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  datastream_id int NOT NULL,
  begins_at     timestamptz NOT NULL           -- of the quarter hour
);

-- Sums of messages beyond retention, added up in the transaction that removes them.
CREATE TABLE ledger_closed (
  day             date NOT NULL,
  device_id       int NOT NULL DEFAULT 0,      -- 0: messages of unknown devices
  organisation_id int,
  received        bigint NOT NULL,
  stored          bigint NOT NULL,
  duplicate       bigint NOT NULL,
  quarantined     bigint NOT NULL,
  ignored         bigint NOT NULL,
  readings        bigint NOT NULL,
  passages        bigint NOT NULL DEFAULT 0,
  UNIQUE NULLS NOT DISTINCT (day, device_id, organisation_id)
);

-- How many rows retention removed, so that what messages added can be compared with the tables for ever.
CREATE TABLE removed_rows (
  kind  text PRIMARY KEY CHECK (kind IN ('reading', 'passage')),
  count bigint NOT NULL                        -- of readings those only that were not derived
);

-- What follows from the readings.

CREATE TABLE container_state (
  thing_id             int PRIMARY KEY REFERENCES thing,
  organisation_id      int NOT NULL REFERENCES organisation,
  fill_percent         real,
  fill_time            timestamptz,
  rate_percent_per_day real,
  full_at              timestamptz,
  emptied_at           timestamptz,
  updated_at           timestamptz NOT NULL,
  changed_xid          xid8 NOT NULL DEFAULT pg_current_xact_id()
) WITH (fillfactor = 50);

CREATE TABLE counter_state (
  thing_id             int PRIMARY KEY REFERENCES thing,
  organisation_id      int NOT NULL REFERENCES organisation,
  quarter_begins_at    timestamptz,
  quarter_flow_per_h   real,
  quarter_speed_kmh    real,
  quarter_heavy_share  real,                   -- percent
  hour_begins_at       timestamptz,
  hour_flow_per_h      real,
  hour_speed_kmh       real,
  hour_heavy_share     real,
  updated_at           timestamptz NOT NULL,
  changed_xid          xid8 NOT NULL DEFAULT pg_current_xact_id()
) WITH (fillfactor = 50);

CREATE TABLE event (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,
  thing_id        int REFERENCES thing,
  device_id       int REFERENCES device,
  kind            text NOT NULL,
  time            timestamptz NOT NULL,
  data            jsonb NOT NULL DEFAULT '{}',
  UNIQUE NULLS NOT DISTINCT (kind, thing_id, device_id, time)
);
CREATE INDEX event_time ON event (organisation_id, time);

-- Collecting.

CREATE TABLE depot (
  id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,
  key             text NOT NULL,
  name            text NOT NULL,
  longitude       float8 NOT NULL,
  latitude        float8 NOT NULL,
  UNIQUE (organisation_id, key)
);

CREATE TABLE disposal_facility (
  id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,
  key             text NOT NULL,
  name            text NOT NULL,
  longitude       float8 NOT NULL,
  latitude        float8 NOT NULL,
  fractions       text[] NOT NULL,
  service_s       int NOT NULL DEFAULT 900 CHECK (service_s >= 0),
  opens           time NOT NULL DEFAULT '06:00',   -- Berlin wall time
  closes          time NOT NULL DEFAULT '18:00',
  UNIQUE (organisation_id, key)
);

CREATE TABLE vehicle (
  id                  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id     int NOT NULL REFERENCES organisation,
  depot_id            int NOT NULL REFERENCES depot,
  key                 text NOT NULL,
  name                text NOT NULL,
  fractions           text[] NOT NULL,            -- those it may collect, one a trip
  capacity_l          int NOT NULL CHECK (capacity_l > 0),   -- of loose waste, after compaction
  capacity_kg         int NOT NULL CHECK (capacity_kg > 0),
  fixed_cost_cents    int NOT NULL DEFAULT 0,
  cost_per_km_cents   int NOT NULL DEFAULT 0,
  cost_per_h_cents    int NOT NULL DEFAULT 0,
  retired_at          timestamptz,
  UNIQUE (organisation_id, key)
);

CREATE TABLE shift (
  id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,
  vehicle_id      int NOT NULL REFERENCES vehicle,
  weekday         int2 NOT NULL CHECK (weekday BETWEEN 1 AND 7),  -- ISO: 1 is Monday
  begins          time NOT NULL,                                  -- Berlin wall time
  ends            time NOT NULL,
  CHECK (begins < ends),
  UNIQUE (vehicle_id, weekday, begins)
);

CREATE TABLE plan (
  id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,   -- who plans
  day             date NOT NULL,                          -- Berlin
  status          text NOT NULL DEFAULT 'requested' CHECK (status IN
                    ('requested', 'computing', 'draft', 'published', 'in_progress', 'done', 'superseded', 'infeasible', 'failed')),
  publish         boolean NOT NULL DEFAULT false,         -- publish as soon as it is computed
  seed            bigint NOT NULL DEFAULT 1,
  seconds         real,                                   -- time allowed for the search
  iterations      bigint,                                 -- allowed, then reached
  progress        real NOT NULL DEFAULT 0,                -- 0 to 1
  author          text NOT NULL DEFAULT '',
  reason          text NOT NULL DEFAULT '',
  feasible        boolean,
  summary         jsonb NOT NULL DEFAULT '{}',            -- cost by component, distance, containers in and out
  diagnosis       jsonb NOT NULL DEFAULT '[]',            -- [{constraint, containers: [thing ids], detail}]
  problem         jsonb,                                  -- what was solved, matrices included: edits are evaluated on it
  job_id          bigint,
  created_at      timestamptz NOT NULL DEFAULT now(),
  computed_at     timestamptz,
  published_at    timestamptz
);
CREATE INDEX plan_day ON plan (organisation_id, day);
CREATE UNIQUE INDEX plan_published ON plan (organisation_id, day) WHERE status IN ('published', 'in_progress');

CREATE TABLE tour (
  id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,
  plan_id         int NOT NULL REFERENCES plan ON DELETE CASCADE,
  vehicle_id      int NOT NULL REFERENCES vehicle,
  number          int NOT NULL,
  begins_at       timestamptz NOT NULL,
  ends_at         timestamptz NOT NULL,
  distance_m      int NOT NULL,
  drive_s         int NOT NULL,
  cost_cents      bigint NOT NULL,
  UNIQUE (plan_id, number)
);

CREATE TABLE stop (
  id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,
  tour_id         int NOT NULL REFERENCES tour ON DELETE CASCADE,
  position        int NOT NULL,               -- 0 is the start depot
  kind            text NOT NULL CHECK (kind IN ('start', 'container', 'unload', 'end')),
  thing_id        int REFERENCES thing,
  facility_id     int REFERENCES disposal_facility,
  depot_id        int REFERENCES depot,
  longitude       float8 NOT NULL,
  latitude        float8 NOT NULL,
  arrives_at      timestamptz NOT NULL,
  begins_at       timestamptz NOT NULL,       -- after waiting
  departs_at      timestamptz NOT NULL,
  distance_m      int NOT NULL,               -- of the leg to here
  load_l          int NOT NULL,               -- on leaving
  load_kg         int NOT NULL,
  demand_l        int NOT NULL DEFAULT 0,
  demand_kg       int NOT NULL DEFAULT 0,
  required        boolean NOT NULL DEFAULT true,
  UNIQUE (tour_id, position)
);

CREATE TABLE collection (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,   -- whose container it is
  collector_id    int NOT NULL REFERENCES organisation,   -- who drove
  thing_id        int NOT NULL REFERENCES thing,
  stop_id         int REFERENCES stop,
  collected_at    timestamptz NOT NULL,
  outcome         text NOT NULL CHECK (outcome IN ('served', 'skipped')),
  reason          text NOT NULL DEFAULT '',
  amount_l        real,
  weight_kg       real,
  source          text NOT NULL DEFAULT 'driver',
  idempotency_key uuid NOT NULL UNIQUE,
  created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX collection_thing ON collection (thing_id, collected_at);
CREATE INDEX collection_stop ON collection (stop_id);

-- What the map shows beneath the things: places, roads, water; drawn by us, no tiles of others needed.
CREATE TABLE map_feature (
  id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisation,
  kind            text NOT NULL CHECK (kind IN ('place', 'road', 'water', 'boundary')),
  name            text NOT NULL DEFAULT '',
  rank            int2 NOT NULL DEFAULT 0,   -- 0 is most important
  geometry        jsonb NOT NULL             -- GeoJSON
);
