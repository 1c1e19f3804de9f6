-- keeps: everything

-- migrate:up
DELETE FROM empty;
TRUNCATE empty;

-- migrate:down
-- Nothing.
