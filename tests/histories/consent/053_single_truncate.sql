-- loses: table lone

-- migrate:up transaction:false
TRUNCATE lone;

-- migrate:down
-- Nothing.
