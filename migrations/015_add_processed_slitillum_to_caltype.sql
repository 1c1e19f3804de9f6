-- The calibration cache holds reduced slit illumination flats. It holds reduced standards too, which fresh databases
-- always allowed and migrated ones never learned.

-- migrate:up transaction:false
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'processed_standard';
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'processed_slitillum';

-- migrate:down
-- Nothing: PostgreSQL cannot drop values of an enum, and those that no row uses do no harm.
