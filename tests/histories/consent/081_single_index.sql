-- keeps: everything

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS lone_a ON lone (a);

-- migrate:down
-- Nothing.
