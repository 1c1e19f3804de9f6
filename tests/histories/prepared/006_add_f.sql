-- A prepared statement resets the session for it.

-- migrate:up
ALTER TABLE base ADD COLUMN f integer;

-- migrate:down
ALTER TABLE base DROP COLUMN f;
