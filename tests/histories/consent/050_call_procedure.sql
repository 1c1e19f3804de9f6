-- loses (11): table lone

-- migrate:up
CALL purge_only();

-- migrate:down
-- Nothing.
