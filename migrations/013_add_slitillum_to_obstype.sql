-- Slit illumination flats are an observation type of their own.

-- migrate:up transaction:false
ALTER TYPE obstype ADD VALUE IF NOT EXISTS 'SLITILLUM';

-- migrate:down
-- Nothing: PostgreSQL cannot drop a value of an enum, and one that no row uses does no harm.
