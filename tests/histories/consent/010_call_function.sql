-- loses: table lone

-- migrate:up
SELECT purge();

-- migrate:down
-- Nothing.
