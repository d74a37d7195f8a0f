-- name: alone
-- One worker removes at a time, and each sees what the one before it left.
SELECT pg_advisory_xact_lock(7192)

-- name: prune_keys
-- Forget keys that no broker can deliver again. The whole table is read: an index would cost every message more.
DELETE FROM message_key WHERE seen_at < %(before)s

-- name: claim
-- Take hold of the oldest day of a large table that ends by an instant; nulls if there is none.
SELECT begins_at, ends_at FROM claim_slice(%(table)s, %(before)s)

-- name: close_message
-- Add the messages of a claimed day to the closed sums; say how many there are, and how many lay in quarantine still.
WITH counted AS (
  SELECT day, coalesce(device_id, 0) AS device_id, organisation_id, count(*) AS received,
         count(*) FILTER (WHERE outcome = 1) AS stored,
         count(*) FILTER (WHERE outcome = 2) AS duplicate,
         count(*) FILTER (WHERE outcome IN (3, 5)) AS quarantined,
         count(*) FILTER (WHERE outcome = 4) AS ignored,
         count(*) FILTER (WHERE outcome = 3) AS waiting,
         sum(reading_count) AS readings, sum(passage_count) AS passages
    FROM message WHERE received_at >= %(begin)s AND received_at < %(end)s
   GROUP BY 1, 2, 3
), closed AS (
  INSERT INTO ledger_closed AS c
    (day, device_id, organisation_id, received, stored, duplicate, quarantined, ignored, readings, passages)
  SELECT day, device_id, organisation_id, received, stored, duplicate, quarantined, ignored, readings, passages FROM counted
  ON CONFLICT (day, device_id, organisation_id) DO UPDATE
  SET received = c.received + excluded.received, stored = c.stored + excluded.stored,
      duplicate = c.duplicate + excluded.duplicate, quarantined = c.quarantined + excluded.quarantined,
      ignored = c.ignored + excluded.ignored, readings = c.readings + excluded.readings,
      passages = c.passages + excluded.passages
)
SELECT coalesce(sum(received), 0)::bigint, coalesce(sum(waiting), 0)::bigint FROM counted

-- name: close_reading
-- Remember how many readings of a claimed day go that messages had added; say how many go in all.
WITH counted AS (
  SELECT count(*) AS every, count(*) FILTER (WHERE quality & 16 = 0) AS added
    FROM reading WHERE time >= %(begin)s AND time < %(end)s
), remembered AS (
  INSERT INTO removed_rows AS r (kind, count) SELECT 'reading', added FROM counted
  ON CONFLICT (kind) DO UPDATE SET count = r.count + excluded.count
)
SELECT every, 0 FROM counted

-- name: close_passage
-- Remember how many passages of a claimed day go.
WITH counted AS (
  SELECT count(*) AS every FROM passage WHERE time >= %(begin)s AND time < %(end)s
), remembered AS (
  INSERT INTO removed_rows AS r (kind, count) SELECT 'passage', every FROM counted
  ON CONFLICT (kind) DO UPDATE SET count = r.count + excluded.count
)
SELECT every, 0 FROM counted

-- name: drop
-- Remove a claimed day.
SELECT drop_slice(%(table)s, %(begin)s, %(end)s)

-- name: forget_conflicts
-- Other values for readings that are gone.
DELETE FROM reading_conflict WHERE time < %(before)s
