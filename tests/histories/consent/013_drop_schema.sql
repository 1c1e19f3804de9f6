-- loses: table other.t2

-- migrate:up
DROP SCHEMA other CASCADE;

-- migrate:down
-- Nothing.
