-- GHOST is a new instrument: what the archive knows of its observations beyond the common header.

-- migrate:up
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

-- migrate:down
DROP TABLE IF EXISTS ghost;
DROP TYPE IF EXISTS ghost_read_speed_setting;
DROP TYPE IF EXISTS ghost_gain_setting;
DROP TYPE IF EXISTS ghost_resolution;
