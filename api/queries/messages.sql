-- name: devices_of
-- The devices that are registered under a key; each organisation may have one.
SELECT id FROM device WHERE key = %(key)s;

-- name: organisations_of
-- The organisations that have these keys or ids.
SELECT id FROM organisation WHERE key = ANY (%(organisations)s) OR id::text = ANY (%(organisations)s);

-- name: messages
-- Messages, the newest first. A security barrier hides the order from the planner, so the caller asks for short ranges first.
SELECT m.id, m.received_at, m.outcome, m.reason, m.detail, m.organisation_id, m.device_id,
       coalesce(d.key, m.device_key) AS device_key, m.profile_key, m.profile_version, m.envelope, m.topic,
       m.reading_count, m.passage_count, m.duplicate_readings, m.conflict_readings, m.redelivered, m.quality, m.f_cnt,
       m.network_time
  FROM (SELECT *
          FROM visible_message
         WHERE received_at >= %(from)s AND received_at < %(to)s
           AND (%(before)s::timestamptz IS NULL OR (received_at, id) < (%(before)s, %(before_id)s))
           AND (%(outcome)s::int2 IS NULL OR outcome = %(outcome)s)
           AND (%(reason)s::text IS NULL OR reason = %(reason)s)
           AND (%(organisations)s::int[] IS NULL OR organisation_id = ANY (%(organisations)s))
           AND (%(device_key)s::text IS NULL OR device_id = ANY (%(devices)s::int[])
                OR (device_id IS NULL AND device_key = %(device_key)s))
         ORDER BY received_at DESC, id DESC
         LIMIT %(limit)s) m
  LEFT JOIN device d ON d.id = m.device_id
 ORDER BY m.received_at DESC, m.id DESC;

-- name: message
-- One message with its payload. The number alone may lie in any day, so the caller asks for the newest days first.
SELECT m.id, m.received_at, m.outcome, m.reason, m.detail, m.organisation_id, m.device_id,
       coalesce(d.key, m.device_key) AS device_key, m.profile_key,
       m.profile_version, m.envelope, m.topic, m.reading_count, m.passage_count, m.duplicate_readings, m.conflict_readings,
       m.redelivered, m.quality, m.f_cnt, m.network_time, m.payload
  FROM visible_message m
  LEFT JOIN device d ON d.id = m.device_id
 WHERE m.id = %(id)s AND m.received_at >= %(from)s;

-- name: quarantine
-- What lies in quarantine, by reason, device and profile, with the newest detail.
SELECT m.reason, coalesce(d.key, m.device_key) AS device_key, m.profile_key, count(*) AS count,
       min(m.received_at) AS first_at, max(m.received_at) AS last_at,
       (array_agg(m.detail ORDER BY m.received_at DESC))[1] AS detail, max(m.id) AS newest_message_id
  FROM visible_message m
  LEFT JOIN device d ON d.id = m.device_id
 WHERE m.outcome = 3
 GROUP BY m.reason, coalesce(d.key, m.device_key), m.profile_key
 ORDER BY max(m.received_at) DESC
 LIMIT %(limit)s;
