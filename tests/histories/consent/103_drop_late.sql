-- keeps: everything

-- migrate:up
CREATE TABLE ours AS SELECT * FROM lone;
ALTER TABLE ours ALTER id TYPE bigint;
DROP TABLE ours;
CREATE INDEX ours ON lone (a);
LOCK TABLE more;
DROP TABLE IF EXISTS late;

-- migrate:down
-- Nothing.
