-- Calibrations for GMOS are matched by the detector's array. Filling it in for old rows hurt the transaction log;
-- migration 39 does it in batches.

-- migrate:up
ALTER TABLE gmos ADD COLUMN IF NOT EXISTS array_name text;

-- migrate:down
ALTER TABLE gmos DROP COLUMN IF EXISTS array_name;
