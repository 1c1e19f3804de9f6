-- Databases at the same version differed in the names of indexes, in constraints and in columns, depending on whether
-- they were migrated or made from the data models. From here on all have the schema of the data models of 2023-01.
-- lint:allow create-index: userprogram and the export queue are small; to build an index takes a moment
-- lint:allow work-after-exclusive: what is locked is tapefile, which only the tape scripts use, and short queues

-- migrate:up
-- First what takes long, then what locks tables that the archive cannot do without. Nothing is rewritten where the
-- columns are bigint already.
-- lint:allow rewrite: only the tape scripts use tapefile, and they can wait
ALTER TABLE tapefile
	ALTER COLUMN size TYPE bigint,
	ALTER COLUMN data_size TYPE bigint;

CREATE INDEX IF NOT EXISTS ix_userprogram_filename ON userprogram (filename);
CREATE INDEX IF NOT EXISTS ix_userprogram_observation_id ON userprogram (observation_id);
CREATE INDEX IF NOT EXISTS ix_userprogram_path ON userprogram (path);

-- The data models do not index these three.
DROP INDEX IF EXISTS
	idx_ghost_exposure_time_blue, ix_ghost_exposure_time_blue,
	idx_ghost_exposure_time_red, ix_ghost_exposure_time_red,
	idx_ghost_exposure_time_slitv, ix_ghost_exposure_time_slitv;

-- idx_<table>_<column> becomes ix_<table>_<column>, whichever of the two is there.
DO $$
DECLARE
	tab text;
	col text;
BEGIN
	FOR tab, col IN
		VALUES
			('ghost', 'arm'),
			('ghost', 'detector_name_blue'), ('ghost', 'detector_name_red'), ('ghost', 'detector_name_slitv'),
			('ghost', 'detector_x_bin_blue'), ('ghost', 'detector_x_bin_red'), ('ghost', 'detector_x_bin_slitv'),
			('ghost', 'detector_y_bin_blue'), ('ghost', 'detector_y_bin_red'), ('ghost', 'detector_y_bin_slitv'),
			('ghost', 'gain_setting_blue'), ('ghost', 'gain_setting_red'), ('ghost', 'gain_setting_slitv'),
			('ghost', 'read_speed_setting_blue'), ('ghost', 'read_speed_setting_red'),
			('ghost', 'read_speed_setting_slitv'),
			('ghost', 'amp_read_area_blue'), ('ghost', 'amp_read_area_red'), ('ghost', 'amp_read_area_slitv'),
			('archiveuser', 'orcid_id'),
			('diskfile', 'datafile_timestamp')
	LOOP
		IF to_regclass(pg_catalog.format('public.ix_%s_%s', tab, col)) IS NOT NULL THEN
			EXECUTE pg_catalog.format('DROP INDEX IF EXISTS idx_%s_%s', tab, col);
		ELSIF to_regclass(pg_catalog.format('public.idx_%s_%s', tab, col)) IS NOT NULL THEN
			EXECUTE pg_catalog.format('ALTER INDEX idx_%1$s_%2$s RENAME TO ix_%1$s_%2$s', tab, col);
		ELSE
			EXECUTE pg_catalog.format('CREATE INDEX ix_%1$s_%2$s ON %1$s (%2$s)', tab, col);
		END IF;
	END LOOP;
END
$$;

ALTER TABLE ingestqueue
	ADD COLUMN IF NOT EXISTS header_fields text,
	ADD COLUMN IF NOT EXISTS md5_before_header text,
	ADD COLUMN IF NOT EXISTS md5_after_header text,
	ADD COLUMN IF NOT EXISTS reject_new boolean;

-- The strongest lock first: raising the weaker one of CREATE INDEX to it could deadlock with the daemons.
-- lint:allow validated-constraint: the queue is short, and the daemons wait for a moment
ALTER TABLE exportqueue
	ADD COLUMN IF NOT EXISTS header_fields text,
	ADD COLUMN IF NOT EXISTS md5_before_header text,
	ADD COLUMN IF NOT EXISTS md5_after_header text,
	ADD COLUMN IF NOT EXISTS reject_new boolean,
	DROP CONSTRAINT IF EXISTS exportqueue_filename_inprogress_failed_key,
	DROP CONSTRAINT IF EXISTS exportqueue_filename_path_destination_key,
	DROP CONSTRAINT IF EXISTS exportqueue_filename_inprogress_failed_destination_key,
	ADD CONSTRAINT exportqueue_filename_inprogress_failed_destination_key
		UNIQUE (filename, inprogress, failed, destination);
CREATE INDEX IF NOT EXISTS ix_exportqueue_sortkey ON exportqueue (sortkey);

-- migrate:down
-- Back to what migrations 1 to 33 make of a database, also where it was made from the data models. This fails, and
-- changes nothing, where a size is too large for an integer, or where a file is in the export queue twice: let that
-- queue run empty first.
ALTER TABLE tapefile
	ALTER COLUMN size TYPE integer,
	ALTER COLUMN data_size TYPE integer;

DROP INDEX IF EXISTS ix_userprogram_filename, ix_userprogram_observation_id, ix_userprogram_path;

DO $$
DECLARE
	tab text;
	col text;
BEGIN
	FOR tab, col IN
		VALUES
			('ghost', 'arm'),
			('ghost', 'detector_name_blue'), ('ghost', 'detector_name_red'), ('ghost', 'detector_name_slitv'),
			('ghost', 'detector_x_bin_blue'), ('ghost', 'detector_x_bin_red'), ('ghost', 'detector_x_bin_slitv'),
			('ghost', 'detector_y_bin_blue'), ('ghost', 'detector_y_bin_red'), ('ghost', 'detector_y_bin_slitv'),
			('ghost', 'exposure_time_blue'), ('ghost', 'exposure_time_red'), ('ghost', 'exposure_time_slitv'),
			('ghost', 'gain_setting_blue'), ('ghost', 'gain_setting_red'), ('ghost', 'gain_setting_slitv'),
			('ghost', 'read_speed_setting_blue'), ('ghost', 'read_speed_setting_red'),
			('ghost', 'read_speed_setting_slitv'),
			('ghost', 'amp_read_area_blue'), ('ghost', 'amp_read_area_red'), ('ghost', 'amp_read_area_slitv'),
			('archiveuser', 'orcid_id'),
			('diskfile', 'datafile_timestamp')
	LOOP
		IF to_regclass(pg_catalog.format('public.idx_%s_%s', tab, col)) IS NOT NULL THEN
			EXECUTE pg_catalog.format('DROP INDEX IF EXISTS ix_%s_%s', tab, col);
		ELSIF to_regclass(pg_catalog.format('public.ix_%s_%s', tab, col)) IS NOT NULL THEN
			EXECUTE pg_catalog.format('ALTER INDEX ix_%1$s_%2$s RENAME TO idx_%1$s_%2$s', tab, col);
		ELSE
			EXECUTE pg_catalog.format('CREATE INDEX idx_%1$s_%2$s ON %1$s (%2$s)', tab, col);
		END IF;
	END LOOP;
END
$$;

ALTER TABLE ingestqueue
	DROP COLUMN IF EXISTS header_fields,
	DROP COLUMN IF EXISTS md5_before_header,
	DROP COLUMN IF EXISTS md5_after_header,
	DROP COLUMN IF EXISTS reject_new;

ALTER TABLE exportqueue
	DROP COLUMN IF EXISTS header_fields,
	DROP COLUMN IF EXISTS md5_before_header,
	DROP COLUMN IF EXISTS md5_after_header,
	DROP COLUMN IF EXISTS reject_new,
	DROP CONSTRAINT IF EXISTS exportqueue_filename_inprogress_failed_destination_key,
	DROP CONSTRAINT IF EXISTS exportqueue_filename_inprogress_failed_key,
	DROP CONSTRAINT IF EXISTS exportqueue_filename_path_destination_key,
	ADD CONSTRAINT exportqueue_filename_inprogress_failed_key UNIQUE (filename, inprogress, failed),
	ADD CONSTRAINT exportqueue_filename_path_destination_key UNIQUE (filename, path, destination);
DROP INDEX IF EXISTS ix_exportqueue_sortkey;
