-- The calibration cache holds bad pixel masks, raw and reduced.

-- migrate:up transaction:false
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'bpm';
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'processed_bpm';

-- migrate:down
-- Nothing: PostgreSQL cannot drop values of an enum, and those that no row uses do no harm.
