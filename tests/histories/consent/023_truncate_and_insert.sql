-- loses: table lone

-- migrate:up
TRUNCATE lone;
INSERT INTO lone SELECT i, 'new' FROM generate_series(1, 30) i;

-- migrate:down
-- Nothing.
