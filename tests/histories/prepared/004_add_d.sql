-- This migration must be recorded as usual.

-- migrate:up
ALTER TABLE base ADD COLUMN d integer;

-- migrate:down
ALTER TABLE base DROP COLUMN d;
