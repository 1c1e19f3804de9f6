-- loses: table lone

-- migrate:up
TRUNCATE lone;

-- migrate:down
-- Nothing.
