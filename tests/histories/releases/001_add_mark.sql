-- migrate:up
ALTER TABLE small ADD COLUMN IF NOT EXISTS mark text;

-- migrate:down
ALTER TABLE small DROP COLUMN IF EXISTS mark;
