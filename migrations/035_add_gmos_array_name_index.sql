-- Fresh databases have an index on gmos.array_name, and no migration ever made one. It is built without blocking the
-- daemons that write to the table.

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_gmos_array_name ON gmos (array_name);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY IF EXISTS ix_gmos_array_name;
