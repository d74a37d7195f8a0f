-- Rollups are tables here, so the worker writes them.
GRANT SELECT, INSERT, UPDATE, DELETE ON rollup_15min, rollup_hour, rollup_day TO landpuls_worker;
