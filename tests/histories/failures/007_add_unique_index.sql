-- Fails where there are duplicates, and leaves an invalid index behind.

-- migrate:up transaction:false
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS item_once ON item (name);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY IF EXISTS item_once;
