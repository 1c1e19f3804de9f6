-- A temporary table of the same name hides the real one, for as long as it is there.

-- migrate:up
CREATE TEMP TABLE base (id integer);

-- migrate:down
-- Nothing: it was never the database's.
