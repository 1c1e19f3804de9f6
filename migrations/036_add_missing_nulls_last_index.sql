-- Fresh databases were stamped past migration 27 without its index: their searches sort the whole header table. It is
-- built without blocking the daemons that write to it.

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_header_ut_datetime_nulls_last ON header (ut_datetime DESC NULLS LAST);

-- migrate:down
-- Nothing: the index is migration 27's, which drops it.
