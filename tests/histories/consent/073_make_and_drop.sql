-- keeps: everything

-- migrate:up
CREATE TABLE gone AS SELECT * FROM lone;
DELETE FROM gone;
ALTER TABLE gone DROP a;
DROP TABLE gone;
ALTER TABLE t ADD gone text DEFAULT 1;
ALTER TABLE t DROP gone;

-- migrate:down
-- Nothing.
