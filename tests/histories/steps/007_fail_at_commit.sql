-- A cursor that outlives the transaction is read to its end by the commit, and that fails.

-- migrate:up
CREATE TABLE late (id integer);
DECLARE late CURSOR WITH HOLD FOR SELECT 1 / (i - 17) FROM generate_series(17, 17) i;

-- migrate:down
DROP TABLE late;
