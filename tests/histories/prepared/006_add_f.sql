-- The session is put back for it by what was prepared.

-- migrate:up
ALTER TABLE base ADD COLUMN f integer;

-- migrate:down
ALTER TABLE base DROP COLUMN f;
