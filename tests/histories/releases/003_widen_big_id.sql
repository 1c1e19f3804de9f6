-- lint:allow rewrite: the software stands still
-- migrate:up
ALTER TABLE big ALTER COLUMN id TYPE bigint;

-- migrate:down
ALTER TABLE big ALTER COLUMN id TYPE integer;
