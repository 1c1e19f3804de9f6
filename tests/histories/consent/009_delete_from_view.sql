-- loses: table lone

-- migrate:up
DELETE FROM v;

-- migrate:down
-- Nothing.
