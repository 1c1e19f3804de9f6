-- keeps: everything

-- migrate:up
CREATE TEMP TABLE gone AS SELECT * FROM lone;
DELETE FROM gone;
DROP TABLE gone;

-- migrate:down
-- Nothing.
