-- A statement that cannot be in a transaction.

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS parent_code ON parent (code);

-- migrate:down
-- Nothing is reverted.
