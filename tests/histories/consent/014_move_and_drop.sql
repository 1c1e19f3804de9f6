-- loses: table other.t2

-- migrate:up
ALTER TABLE other.t2 SET SCHEMA public;
DROP TABLE t2;

-- migrate:down
-- Nothing.
