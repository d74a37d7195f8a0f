-- name: ensure
-- Make the partitions of these UTC days where they are missing.
SELECT landpuls.ensure_partitions(%(days)s::date[])
