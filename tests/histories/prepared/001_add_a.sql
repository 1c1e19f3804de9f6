-- The statements that record it are prepared now.

-- migrate:up
ALTER TABLE base ADD COLUMN a integer;

-- migrate:down
ALTER TABLE base DROP COLUMN a;
