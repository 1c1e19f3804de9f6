-- Rows go.

-- migrate:up
ALTER TABLE kept ADD COLUMN first text;

-- migrate:down
DELETE FROM deleted WHERE id > 1;
TRUNCATE truncated;
ALTER TABLE kept DROP COLUMN first;
