-- loses: table lone

-- migrate:up
DELETE FROM lone;
TRUNCATE lone;

-- migrate:down
-- Nothing.
