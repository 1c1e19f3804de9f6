-- loses: column s of table shaped

-- migrate:up
ALTER TABLE shape DROP COLUMN y;

-- migrate:down
-- Nothing.
