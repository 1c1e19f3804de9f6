-- Databases that were made between 2023-02-27 and 2023-06-16 have no index for searches that sort by time. It is built
-- without blocking the daemons that write to header.

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_header_ut_datetime_desc_nullslast ON header (ut_datetime DESC NULLS LAST);

-- migrate:down
-- Nothing: in most databases it is the index of 27, which 45 renames.
