-- keeps: everything

-- migrate:up
SELECT lo_from_bytea(0, 'new');

-- migrate:down
-- Nothing.
