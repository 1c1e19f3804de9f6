-- As if nothing had happened.

-- migrate:up
ALTER TABLE base ADD COLUMN d integer;

-- migrate:down
ALTER TABLE base DROP COLUMN d;
