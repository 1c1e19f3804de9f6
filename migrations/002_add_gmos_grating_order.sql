-- GMOS spectra taken in another grating order need calibrations of that order.

-- migrate:up
ALTER TABLE gmos ADD COLUMN IF NOT EXISTS grating_order integer;

-- migrate:down
ALTER TABLE gmos DROP COLUMN IF EXISTS grating_order;
