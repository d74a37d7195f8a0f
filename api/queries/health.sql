-- name: missing
-- What this version reads and the database does not have, or does not let us read.
SELECT coalesce(array_agg(name) FILTER (WHERE to_regclass(name) IS NULL
                                           OR NOT has_table_privilege(to_regclass(name), 'SELECT')), '{}') AS missing
  FROM unnest(ARRAY['visible_reading', 'visible_message', 'visible_rollup_15min', 'visible_rollup_hour',
                    'visible_rollup_day', 'latest', 'container_state', 'counter_state', 'plan', 'stop', 'collection',
                    'map_feature']) AS name
