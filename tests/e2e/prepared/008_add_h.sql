-- It is recorded under none of them.

-- migrate:up
ALTER TABLE base ADD COLUMN h integer;

-- migrate:down
ALTER TABLE base DROP COLUMN h;
