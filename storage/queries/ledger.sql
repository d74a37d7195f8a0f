-- name: recompute
-- Messages of each Berlin day by outcome, counted from the table itself; days beyond retention from their closed sums.
-- Discarded messages were quarantined and count as such.
SELECT day, 0 AS device_id, sum(received)::bigint, sum(stored)::bigint, sum(duplicate)::bigint, sum(quarantined)::bigint,
       sum(ignored)::bigint, sum(readings)::bigint
  FROM (
    SELECT day, count(*) AS received,
           count(*) FILTER (WHERE outcome = 1) AS stored,
           count(*) FILTER (WHERE outcome = 2) AS duplicate,
           count(*) FILTER (WHERE outcome IN (3, 5)) AS quarantined,
           count(*) FILTER (WHERE outcome = 4) AS ignored,
           sum(reading_count) AS readings
      FROM message
     WHERE day BETWEEN %(first)s AND %(last)s AND received_at >= %(begin)s AND received_at < %(end)s
     GROUP BY day
    UNION ALL
    SELECT day, received, stored, duplicate, quarantined, ignored, readings
      FROM ledger_closed WHERE day BETWEEN %(first)s AND %(last)s
  ) AS days
 GROUP BY day ORDER BY day

-- name: recompute_by_device
-- The same for each device; device 0 stands for messages of unknown devices.
SELECT day, device_id, sum(received)::bigint, sum(stored)::bigint, sum(duplicate)::bigint, sum(quarantined)::bigint,
       sum(ignored)::bigint, sum(readings)::bigint
  FROM (
    SELECT day, coalesce(device_id, 0) AS device_id, count(*) AS received,
           count(*) FILTER (WHERE outcome = 1) AS stored,
           count(*) FILTER (WHERE outcome = 2) AS duplicate,
           count(*) FILTER (WHERE outcome IN (3, 5)) AS quarantined,
           count(*) FILTER (WHERE outcome = 4) AS ignored,
           sum(reading_count) AS readings
      FROM message
     WHERE day BETWEEN %(first)s AND %(last)s AND received_at >= %(begin)s AND received_at < %(end)s
     GROUP BY day, coalesce(device_id, 0)
    UNION ALL
    SELECT day, device_id, received, stored, duplicate, quarantined, ignored, readings
      FROM ledger_closed WHERE day BETWEEN %(first)s AND %(last)s
  ) AS days
 GROUP BY day, device_id ORDER BY day, device_id

-- name: hold
-- Before the snapshot is taken: a day dropped after it would be gone, and its sums not there yet.
LOCK TABLE message, reading, passage IN ACCESS SHARE MODE

-- name: devices
-- Names of devices.
SELECT id, key FROM device WHERE id = ANY (%(ids)s::int[])

-- name: readings_in_messages
-- Readings that all messages say they added.
SELECT (SELECT coalesce(sum(reading_count), 0) FROM message) + (SELECT coalesce(sum(readings), 0) FROM ledger_closed)

-- name: readings_in_tables
-- Readings that stand in the table or were removed from it, without those that were derived from others.
SELECT (SELECT count(*) FROM reading WHERE quality & 16 = 0)
     + coalesce((SELECT count FROM removed_rows WHERE kind = 'reading'), 0)

-- name: passages_in_messages
-- Passages that all messages say they added.
SELECT (SELECT coalesce(sum(passage_count), 0) FROM message) + (SELECT coalesce(sum(passages), 0) FROM ledger_closed)

-- name: passages_in_tables
-- Passages that stand in the table or were removed from it.
SELECT (SELECT count(*) FROM passage) + coalesce((SELECT count FROM removed_rows WHERE kind = 'passage'), 0)
