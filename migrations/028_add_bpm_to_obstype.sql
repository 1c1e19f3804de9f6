-- Bad pixel masks are ingested like other calibrations.

-- migrate:up transaction:false
ALTER TYPE obstype ADD VALUE IF NOT EXISTS 'BPM';
ALTER TYPE reduction_state ADD VALUE IF NOT EXISTS 'PROCESSED_BPM';

-- migrate:down
-- Nothing: PostgreSQL cannot drop values of an enum, and those that no row uses do no harm.
