-- Reduced standard stars are calibrations, not science.

-- migrate:up transaction:false
ALTER TYPE reduction_state ADD VALUE IF NOT EXISTS 'PROCESSED_STANDARD';

-- migrate:down
-- Nothing: PostgreSQL cannot drop a value of an enum, and one that no row uses does no harm.
