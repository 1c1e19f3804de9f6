-- Fails if there are duplicates, and leaves an invalid index.

-- migrate:up transaction:false
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS item_once ON item (name);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY IF EXISTS item_once;
