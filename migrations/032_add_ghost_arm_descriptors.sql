-- GHOST has three detectors that are read in different ways: what was one column becomes one per detector. Some fresh
-- databases were stamped 31 without the table of migration 30; where it is missing it is made first.
-- lint:allow create-index: the instrument is new, so that ghost has few rows or none

-- migrate:up transaction:false
DO $$
BEGIN
	IF to_regtype('public.ghost_read_speed_setting') IS NULL THEN
		CREATE TYPE ghost_read_speed_setting AS ENUM ('slow', 'fast');
	END IF;

	IF to_regtype('public.ghost_gain_setting') IS NULL THEN
		CREATE TYPE ghost_gain_setting AS ENUM ('low', 'high');
	END IF;

	IF to_regtype('public.ghost_resolution') IS NULL THEN
		CREATE TYPE ghost_resolution AS ENUM ('std', 'high');
	END IF;
END
$$;

CREATE TABLE IF NOT EXISTS ghost (
	id                  serial PRIMARY KEY,
	header_id           integer NOT NULL REFERENCES header (id),
	disperser           text,
	filter_name         text,
	detector_name       text,
	detector_x_bin      integer,
	detector_y_bin      integer,
	amp_read_area       text,
	read_speed_setting  ghost_read_speed_setting,
	gain_setting        ghost_gain_setting,
	res_mode            ghost_resolution,
	focal_plane_mask    text,
	prepared            boolean,
	overscan_subtracted boolean,
	overscan_trimmed    boolean
);
CREATE INDEX IF NOT EXISTS ix_ghost_amp_read_area ON ghost (amp_read_area);
CREATE INDEX IF NOT EXISTS ix_ghost_detector_name ON ghost (detector_name);
CREATE INDEX IF NOT EXISTS ix_ghost_detector_x_bin ON ghost (detector_x_bin);
CREATE INDEX IF NOT EXISTS ix_ghost_detector_y_bin ON ghost (detector_y_bin);
CREATE INDEX IF NOT EXISTS ix_ghost_disperser ON ghost (disperser);
CREATE INDEX IF NOT EXISTS ix_ghost_filter_name ON ghost (filter_name);
CREATE INDEX IF NOT EXISTS ix_ghost_focal_plane_mask ON ghost (focal_plane_mask);
CREATE INDEX IF NOT EXISTS ix_ghost_gain_setting ON ghost (gain_setting);
CREATE INDEX IF NOT EXISTS ix_ghost_header_id ON ghost (header_id);
CREATE INDEX IF NOT EXISTS ix_ghost_overscan_subtracted ON ghost (overscan_subtracted);
CREATE INDEX IF NOT EXISTS ix_ghost_overscan_trimmed ON ghost (overscan_trimmed);
CREATE INDEX IF NOT EXISTS ix_ghost_prepared ON ghost (prepared);
CREATE INDEX IF NOT EXISTS ix_ghost_read_speed_setting ON ghost (read_speed_setting);
CREATE INDEX IF NOT EXISTS ix_ghost_res_mode ON ghost (res_mode);

ALTER TABLE ghost
	ADD COLUMN IF NOT EXISTS arm text,
	ADD COLUMN IF NOT EXISTS want_before_arc boolean,
	ADD COLUMN IF NOT EXISTS detector_name_blue text,
	ADD COLUMN IF NOT EXISTS detector_name_red text,
	ADD COLUMN IF NOT EXISTS detector_name_slitv text,
	ADD COLUMN IF NOT EXISTS detector_x_bin_blue integer,
	ADD COLUMN IF NOT EXISTS detector_x_bin_red integer,
	ADD COLUMN IF NOT EXISTS detector_x_bin_slitv integer,
	ADD COLUMN IF NOT EXISTS detector_y_bin_blue integer,
	ADD COLUMN IF NOT EXISTS detector_y_bin_red integer,
	ADD COLUMN IF NOT EXISTS detector_y_bin_slitv integer,
	ADD COLUMN IF NOT EXISTS exposure_time_blue numeric(8, 4),
	ADD COLUMN IF NOT EXISTS exposure_time_red numeric(8, 4),
	ADD COLUMN IF NOT EXISTS exposure_time_slitv numeric(8, 4),
	ADD COLUMN IF NOT EXISTS gain_setting_blue ghost_gain_setting,
	ADD COLUMN IF NOT EXISTS gain_setting_red ghost_gain_setting,
	ADD COLUMN IF NOT EXISTS gain_setting_slitv ghost_gain_setting,
	ADD COLUMN IF NOT EXISTS read_speed_setting_blue ghost_read_speed_setting,
	ADD COLUMN IF NOT EXISTS read_speed_setting_red ghost_read_speed_setting,
	ADD COLUMN IF NOT EXISTS read_speed_setting_slitv ghost_read_speed_setting,
	ADD COLUMN IF NOT EXISTS amp_read_area_blue text,
	ADD COLUMN IF NOT EXISTS amp_read_area_red text,
	ADD COLUMN IF NOT EXISTS amp_read_area_slitv text;
CREATE INDEX IF NOT EXISTS idx_ghost_arm ON ghost (arm);
CREATE INDEX IF NOT EXISTS idx_ghost_detector_name_blue ON ghost (detector_name_blue);
CREATE INDEX IF NOT EXISTS idx_ghost_detector_name_red ON ghost (detector_name_red);
CREATE INDEX IF NOT EXISTS idx_ghost_detector_name_slitv ON ghost (detector_name_slitv);
CREATE INDEX IF NOT EXISTS idx_ghost_detector_x_bin_blue ON ghost (detector_x_bin_blue);
CREATE INDEX IF NOT EXISTS idx_ghost_detector_x_bin_red ON ghost (detector_x_bin_red);
CREATE INDEX IF NOT EXISTS idx_ghost_detector_x_bin_slitv ON ghost (detector_x_bin_slitv);
CREATE INDEX IF NOT EXISTS idx_ghost_detector_y_bin_blue ON ghost (detector_y_bin_blue);
CREATE INDEX IF NOT EXISTS idx_ghost_detector_y_bin_red ON ghost (detector_y_bin_red);
CREATE INDEX IF NOT EXISTS idx_ghost_detector_y_bin_slitv ON ghost (detector_y_bin_slitv);
CREATE INDEX IF NOT EXISTS idx_ghost_exposure_time_blue ON ghost (exposure_time_blue);
CREATE INDEX IF NOT EXISTS idx_ghost_exposure_time_red ON ghost (exposure_time_red);
CREATE INDEX IF NOT EXISTS idx_ghost_exposure_time_slitv ON ghost (exposure_time_slitv);
CREATE INDEX IF NOT EXISTS idx_ghost_gain_setting_blue ON ghost (gain_setting_blue);
CREATE INDEX IF NOT EXISTS idx_ghost_gain_setting_red ON ghost (gain_setting_red);
CREATE INDEX IF NOT EXISTS idx_ghost_gain_setting_slitv ON ghost (gain_setting_slitv);
CREATE INDEX IF NOT EXISTS idx_ghost_read_speed_setting_blue ON ghost (read_speed_setting_blue);
CREATE INDEX IF NOT EXISTS idx_ghost_read_speed_setting_red ON ghost (read_speed_setting_red);
CREATE INDEX IF NOT EXISTS idx_ghost_read_speed_setting_slitv ON ghost (read_speed_setting_slitv);
CREATE INDEX IF NOT EXISTS idx_ghost_amp_read_area_blue ON ghost (amp_read_area_blue);
CREATE INDEX IF NOT EXISTS idx_ghost_amp_read_area_red ON ghost (amp_read_area_red);
CREATE INDEX IF NOT EXISTS idx_ghost_amp_read_area_slitv ON ghost (amp_read_area_slitv);

ALTER TYPE ghost_read_speed_setting ADD VALUE IF NOT EXISTS 'medium';
ALTER TYPE ghost_read_speed_setting ADD VALUE IF NOT EXISTS 'standard';
ALTER TYPE ghost_read_speed_setting ADD VALUE IF NOT EXISTS 'unknown';
ALTER TYPE detector_readspeed_setting ADD VALUE IF NOT EXISTS 'medium';
ALTER TYPE detector_readspeed_setting ADD VALUE IF NOT EXISTS 'standard';
ALTER TYPE detector_readspeed_setting ADD VALUE IF NOT EXISTS 'unknown';
ALTER TYPE ghost_gain_setting ADD VALUE IF NOT EXISTS 'standard';
ALTER TYPE detector_gain_setting ADD VALUE IF NOT EXISTS 'standard';

-- migrate:down
-- The values of the enums stay: PostgreSQL cannot drop them. The indexes go with their columns.
ALTER TABLE IF EXISTS ghost
	DROP COLUMN IF EXISTS arm,
	DROP COLUMN IF EXISTS want_before_arc,
	DROP COLUMN IF EXISTS detector_name_blue,
	DROP COLUMN IF EXISTS detector_name_red,
	DROP COLUMN IF EXISTS detector_name_slitv,
	DROP COLUMN IF EXISTS detector_x_bin_blue,
	DROP COLUMN IF EXISTS detector_x_bin_red,
	DROP COLUMN IF EXISTS detector_x_bin_slitv,
	DROP COLUMN IF EXISTS detector_y_bin_blue,
	DROP COLUMN IF EXISTS detector_y_bin_red,
	DROP COLUMN IF EXISTS detector_y_bin_slitv,
	DROP COLUMN IF EXISTS exposure_time_blue,
	DROP COLUMN IF EXISTS exposure_time_red,
	DROP COLUMN IF EXISTS exposure_time_slitv,
	DROP COLUMN IF EXISTS gain_setting_blue,
	DROP COLUMN IF EXISTS gain_setting_red,
	DROP COLUMN IF EXISTS gain_setting_slitv,
	DROP COLUMN IF EXISTS read_speed_setting_blue,
	DROP COLUMN IF EXISTS read_speed_setting_red,
	DROP COLUMN IF EXISTS read_speed_setting_slitv,
	DROP COLUMN IF EXISTS amp_read_area_blue,
	DROP COLUMN IF EXISTS amp_read_area_red,
	DROP COLUMN IF EXISTS amp_read_area_slitv;
