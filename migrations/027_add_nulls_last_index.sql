-- Searches list the newest observations first and those without a time last; without this index they sort the whole
-- header table. It is built without blocking the daemons that write to it.

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_header_ut_datetime_nulls_last ON header (ut_datetime DESC NULLS LAST);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY IF EXISTS ix_header_ut_datetime_nulls_last;
