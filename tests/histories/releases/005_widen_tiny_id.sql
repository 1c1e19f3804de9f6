-- lint:allow rewrite: the software stands still
-- migrate:up
ALTER TABLE tiny ALTER COLUMN id TYPE bigint;

-- migrate:down
ALTER TABLE tiny ALTER COLUMN id TYPE integer;
