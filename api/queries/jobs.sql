-- name: see_jobs
-- The queue's functions name their tables without a schema, so theirs comes first while a job is deferred.
SET LOCAL search_path = jobs, landpuls, public

-- name: see_ours
-- Back to our own tables for the rest of the transaction.
SET LOCAL search_path = landpuls, public
