-- The calibration cache holds raw slit illumination flats as well as reduced ones.

-- migrate:up transaction:false
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'slitillum';

-- migrate:down
-- Nothing: PostgreSQL cannot drop a value of an enum, and one that no row uses does no harm.
