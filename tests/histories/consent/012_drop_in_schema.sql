-- loses: table other.t2

-- migrate:up
DROP TABLE other.t2;

-- migrate:down
-- Nothing.
