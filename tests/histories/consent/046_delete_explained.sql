-- loses: table lone

-- migrate:up
EXPLAIN ANALYZE DELETE FROM lone;

-- migrate:down
-- Nothing.
