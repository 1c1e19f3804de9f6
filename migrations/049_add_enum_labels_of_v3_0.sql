-- The states of reduced files that release 3.0 knows.

-- migrate:up transaction:false
ALTER TYPE reduction_state ADD VALUE IF NOT EXISTS 'PROCESSED_BPM';
ALTER TYPE reduction_state ADD VALUE IF NOT EXISTS 'PROCESSED_STANDARD';
ALTER TYPE reduction_state ADD VALUE IF NOT EXISTS 'PROCESSED_PINHOLE';

-- migrate:down
-- Nothing: PostgreSQL cannot drop values of an enum.
