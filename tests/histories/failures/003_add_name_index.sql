-- Without blocking writers.

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS item_name ON item (name);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY IF EXISTS item_name;
