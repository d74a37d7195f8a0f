-- A tour's time line holds more than stops: cleaning the body, waits for a release, pauses of the crew.
-- touches: stop

ALTER TABLE stop DROP CONSTRAINT stop_kind_check;
ALTER TABLE stop ADD CONSTRAINT stop_kind_check
  CHECK (kind IN ('start', 'container', 'unload', 'clean', 'wait', 'pause', 'end'));
