-- name: list
-- Messages, the newest first; a page ends where the next begins.
SELECT m.id, m.received_at, m.outcome, m.reason, m.detail, m.device_id, coalesce(d.key, m.device_key) AS device_key,
       o.key AS organisation_key, m.topic, m.redelivered, m.quality, m.reading_count, m.passage_count,
       m.duplicate_readings, m.conflict_readings, m.network_time, m.f_cnt, m.envelope, m.profile_key, m.profile_version
  FROM message m
  LEFT JOIN device d ON d.id = m.device_id
  LEFT JOIN organisation o ON o.id = m.organisation_id
 WHERE (%(device)s::text IS NULL OR d.key = %(device)s OR m.device_key = %(device)s)
   AND (%(outcome)s::int IS NULL OR m.outcome = %(outcome)s)
   AND (%(reason)s::text IS NULL OR m.reason = %(reason)s)
   AND m.received_at >= %(begin)s AND m.received_at < %(end)s
   AND (%(before)s::bigint IS NULL OR m.id < %(before)s)
 ORDER BY m.id DESC LIMIT %(limit)s

-- name: show
-- One message with its payload.
SELECT m.id, m.received_at, m.outcome, m.reason, m.detail, m.device_id, coalesce(d.key, m.device_key) AS device_key,
       o.key AS organisation_key, m.topic, m.redelivered, m.quality, m.reading_count, m.passage_count,
       m.duplicate_readings, m.conflict_readings, m.network_time, m.f_cnt, m.envelope, m.profile_key, m.profile_version,
       m.payload
  FROM message m
  LEFT JOIN device d ON d.id = m.device_id
  LEFT JOIN organisation o ON o.id = m.organisation_id
 WHERE m.id = %(id)s

-- name: quarantine
-- What lies in quarantine, by reason and device, the most frequent first.
SELECT reason, device_key, profile_key, count(*) AS count, min(received_at) AS first_at, max(received_at) AS last_at,
       (array_agg(detail ORDER BY received_at DESC))[1] AS detail
  FROM message WHERE outcome = 3
 GROUP BY reason, device_key, profile_key ORDER BY count(*) DESC, max(received_at) DESC
