-- Plain PostgreSQL: partitions by UTC day, made ahead and on demand; rollups are tables that the worker restates.

-- Makes the missing partitions of the three partitioned tables for the given UTC days; says how many it made.
-- Each is made beside its table and then attached, which disturbs neither readers nor writers.
CREATE FUNCTION ensure_partitions(days date[]) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = landpuls, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  day date;
  parent text;
  child text;
  made int := 0;
BEGIN
  IF (SELECT bool_and(to_regclass(format('landpuls.%s_%s', t, to_char(d, 'YYYYMMDD'))) IS NOT NULL)
        FROM unnest(days) AS d, unnest(ARRAY['reading', 'passage', 'message']) AS t) THEN
    RETURN 0;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('landpuls.ensure_partitions'));
  FOREACH day IN ARRAY days LOOP
    FOREACH parent IN ARRAY ARRAY['reading', 'passage', 'message'] LOOP
      child := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
      CONTINUE WHEN to_regclass('landpuls.' || child) IS NOT NULL;
      EXECUTE format('CREATE TABLE landpuls.%I (LIKE landpuls.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', child, parent);
      EXECUTE format('ALTER TABLE landpuls.%I ATTACH PARTITION landpuls.%I FOR VALUES FROM (%L) TO (%L)',
                     parent, child, day::timestamptz, (day + 1)::timestamptz);
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END $$;

-- Takes hold of the oldest partition that ends by an instant, so that nobody writes to it any more; says where it lies.
-- No lock is waited for long, since everybody else would queue up behind us.
CREATE FUNCTION claim_slice(parent text, before timestamptz, OUT begins_at timestamptz, OUT ends_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = landpuls, pg_temp SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
  child regclass;
BEGIN
  SELECT c.oid, to_date(right(c.relname, 8), 'YYYYMMDD') INTO child, begins_at
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
   WHERE i.inhparent = to_regclass('landpuls.' || quote_ident(parent)) AND c.relname ~ '_[0-9]{8}$'
   ORDER BY right(c.relname, 8) LIMIT 1;
  IF begins_at + interval '1 day' <= before THEN
    EXECUTE format('LOCK TABLE %s IN SHARE MODE', child);
    ends_at := begins_at + interval '1 day';
  ELSE
    begins_at := NULL;
  END IF;
END $$;

-- Removes a partition that was claimed.
CREATE FUNCTION drop_slice(parent text, begins_at timestamptz, ends_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = landpuls, pg_temp SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
BEGIN
  IF parent NOT IN ('reading', 'passage', 'message') THEN
    RAISE '% has no partitions by day', parent;
  END IF;
  EXECUTE format('DROP TABLE landpuls.%I', format('%s_%s', parent, to_char(begins_at, 'YYYYMMDD')));
END $$;

-- sum is of value * weight, so that the mean is sum / weight for plain and for count-weighted means alike.
CREATE TABLE rollup_15min (
  datastream_id int NOT NULL,
  begins_at     timestamptz NOT NULL,
  sum           float8 NOT NULL,
  count         bigint NOT NULL,
  weight        float8 NOT NULL,
  min           float8 NOT NULL,
  max           float8 NOT NULL,
  first         float8 NOT NULL,
  last          float8 NOT NULL,
  covered_s     bigint NOT NULL,     -- seconds that interval readings cover; 0 for instants
  PRIMARY KEY (datastream_id, begins_at)
);
CREATE TABLE rollup_hour (LIKE rollup_15min INCLUDING ALL);
CREATE TABLE rollup_day (LIKE rollup_15min INCLUDING ALL);
