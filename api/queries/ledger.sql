-- name: ledger
-- What became of every message, by the Berlin day of its arrival: counted from the messages, of closed days from their sums.
SELECT day, sum(received)::bigint AS received, sum(stored)::bigint AS stored, sum(duplicate)::bigint AS duplicate,
       sum(quarantined)::bigint AS quarantined, sum(ignored)::bigint AS ignored, sum(readings)::bigint AS readings
  FROM (SELECT day, count(*) AS received,
               count(*) FILTER (WHERE outcome = 1) AS stored,
               count(*) FILTER (WHERE outcome = 2) AS duplicate,
               count(*) FILTER (WHERE outcome IN (3, 5)) AS quarantined,
               count(*) FILTER (WHERE outcome = 4) AS ignored,
               coalesce(sum(reading_count), 0) AS readings
          FROM visible_message
         WHERE received_at >= %(begin)s AND received_at < %(end)s
           AND (%(device)s::int IS NULL OR device_id = %(device)s)
         GROUP BY day
         UNION ALL
        SELECT day, received, stored, duplicate, quarantined, ignored, readings
          FROM ledger_closed
         WHERE day BETWEEN %(from)s AND %(to)s
           AND (%(device)s::int IS NULL OR device_id = %(device)s)) counted
 GROUP BY day
 ORDER BY day;
