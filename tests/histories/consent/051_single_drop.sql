-- loses: table lone

-- migrate:up transaction:false
DROP TABLE IF EXISTS lone CASCADE;

-- migrate:down
-- Nothing.
