-- A file that was reduced in a way nobody told the archive about must still be ingested.

-- migrate:up transaction:false
ALTER TYPE reduction_state ADD VALUE IF NOT EXISTS 'PROCESSED_UNKNOWN';

-- migrate:down
-- Nothing: PostgreSQL cannot drop a value of an enum, and one that no row uses does no harm.
