-- Reduced slit illumination flats are calibrations that other reductions look for.

-- migrate:up transaction:false
ALTER TYPE reduction_state ADD VALUE IF NOT EXISTS 'PROCESSED_SLITILLUM';

-- migrate:down
-- Nothing: PostgreSQL cannot drop a value of an enum, and one that no row uses does no harm.
