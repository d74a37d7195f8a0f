-- How much of a day's former plan holds when the day is planned again is the planning organisation's choice.
-- touches: nothing

ALTER TABLE organisation ADD COLUMN replanning text NOT NULL DEFAULT 'keep'
  CHECK (replanning IN ('anew', 'start', 'keep', 'keep_hours'));
