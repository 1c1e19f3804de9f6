-- Databases of on-site servers have no calibration cache and, from release 3.2 on, no glacier: here they get both,
-- empty, so that all databases have one schema. The index of 27 gets the name that the data models have given it
-- since.

-- migrate:up
DO $$
BEGIN
	IF to_regclass('public.ix_header_ut_datetime_nulls_last') IS NOT NULL THEN
		IF to_regclass('public.ix_header_ut_datetime_desc_nullslast') IS NOT NULL THEN
			DROP INDEX public.ix_header_ut_datetime_nulls_last;
		ELSE
			ALTER INDEX public.ix_header_ut_datetime_nulls_last RENAME TO ix_header_ut_datetime_desc_nullslast;
		END IF;
	END IF;

	IF to_regtype('public.caltype') IS NULL THEN
		CREATE TYPE public.caltype AS ENUM (
			'bias', 'dark', 'flat', 'arc', 'processed_bias', 'processed_dark', 'processed_flat', 'processed_arc',
			'processed_fringe', 'pinhole_mask', 'ronchi_mask', 'spectwilight', 'lampoff_flat', 'qh_flat', 'specphot',
			'photometric_standard', 'telluric_standard', 'domeflat', 'lampoff_domeflat', 'mask',
			'polarization_standard', 'astrometric_standard', 'polarization_flat', 'processed_standard',
			'processed_slitillum', 'slitillum', 'bpm', 'processed_bpm'
		);
	END IF;
END
$$;

CREATE TABLE IF NOT EXISTS calcache (
	id      bigserial PRIMARY KEY,
	obs_hid integer NOT NULL REFERENCES header (id),
	cal_hid integer NOT NULL REFERENCES header (id),
	rank    smallint NOT NULL,
	caltype caltype
);
CREATE INDEX IF NOT EXISTS ix_calcache_cal_hid ON calcache (cal_hid);
CREATE INDEX IF NOT EXISTS ix_calcache_caltype ON calcache (caltype);
CREATE INDEX IF NOT EXISTS ix_calcache_obs_hid ON calcache (obs_hid);
CREATE INDEX IF NOT EXISTS ix_calcache_rank ON calcache (rank);

CREATE TABLE IF NOT EXISTS glacier (
	id             serial PRIMARY KEY,
	filename       text NOT NULL,
	md5            text NOT NULL,
	when_uploaded  timestamp,
	last_inventory timestamp
);
CREATE INDEX IF NOT EXISTS ix_glacier_filename ON glacier (filename);
CREATE INDEX IF NOT EXISTS ix_glacier_md5 ON glacier (md5);
-- migrate:down
-- Tables that an on-site server lacked stay: empty tables do no harm to older software.
DO $$
BEGIN
	IF to_regclass('public.ix_header_ut_datetime_nulls_last') IS NULL THEN
		ALTER INDEX IF EXISTS public.ix_header_ut_datetime_desc_nullslast RENAME TO ix_header_ut_datetime_nulls_last;
	END IF;
END
$$;
