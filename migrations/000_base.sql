-- Version 0: the schema of the archive when its numbered migrations began. Every database, however old, is this and the
-- migrations after it; what is there already is left alone.

-- migrate:up
DO $$
BEGIN
	IF to_regtype('public.caltype') IS NULL THEN
		CREATE TYPE caltype AS ENUM (
			'bias', 'dark', 'flat', 'arc', 'processed_bias', 'processed_dark', 'processed_flat',
			'processed_arc', 'processed_fringe', 'pinhole_mask', 'ronchi_mask', 'spectwilight', 'lampoff_flat',
			'qh_flat', 'specphot', 'photometric_standard', 'telluric_standard', 'domeflat', 'lampoff_domeflat',
			'mask', 'polarization_standard', 'astrometric_standard', 'polarization_flat'
		);
	END IF;

	IF to_regtype('public.detector_gain_setting') IS NULL THEN
		CREATE TYPE detector_gain_setting AS ENUM ('None', 'high', 'low');
	END IF;

	IF to_regtype('public.detector_readspeed_setting') IS NULL THEN
		CREATE TYPE detector_readspeed_setting AS ENUM ('None', 'fast', 'slow');
	END IF;

	IF to_regtype('public.detector_welldepth_setting') IS NULL THEN
		CREATE TYPE detector_welldepth_setting AS ENUM ('None', 'Shallow', 'Deep', 'Invalid');
	END IF;

	IF to_regtype('public.gmos_gain_setting') IS NULL THEN
		CREATE TYPE gmos_gain_setting AS ENUM ('low', 'high');
	END IF;

	IF to_regtype('public.gmos_read_speed_setting') IS NULL THEN
		CREATE TYPE gmos_read_speed_setting AS ENUM ('slow', 'fast');
	END IF;

	IF to_regtype('public.gnirs_read_mode') IS NULL THEN
		CREATE TYPE gnirs_read_mode AS ENUM (
			'Very Faint Objects', 'Faint Objects', 'Bright Objects', 'Very Bright Objects', 'Invalid'
		);
	END IF;

	IF to_regtype('public.gnirs_well_depth_setting') IS NULL THEN
		CREATE TYPE gnirs_well_depth_setting AS ENUM ('Shallow', 'Deep', 'Invalid');
	END IF;

	IF to_regtype('public.mdstatus') IS NULL THEN
		CREATE TYPE mdstatus AS ENUM ('CORRECT', 'NOPASS', 'NODATE', 'BAD', 'ENG', 'EXCEPTION', 'NOTGEMINI');
	END IF;

	IF to_regtype('public.michelle_disperser') IS NULL THEN
		CREATE TYPE michelle_disperser AS ENUM (
			'Echelle', 'LowN', 'LowQ', 'MedN1', 'MedN2', 'No Value', 'unknown'
		);
	END IF;

	IF to_regtype('public.michelle_filter') IS NULL THEN
		CREATE TYPE michelle_filter AS ENUM (
			'blank', 'BothBlanks', 'Clear', 'Clear_A', 'F112B21', 'F116B9', 'F125B9', 'F209B42L', 'F66LB',
			'F86B2', 'I103B10', 'I105B53', 'I107B4', 'I112B21', 'I116B9', 'I125B9', 'I128B2', 'I185B9',
			'I198B27', 'I209B42', 'I79B10', 'I86B2', 'I88B10', 'I97B10', 'IP103B10', 'IP112B21', 'IP116B9',
			'IP125B9', 'IP185B9', 'IP198B27', 'IP79B10', 'IP88B10', 'IP97B10', 'No Value', 'NPBlock', 'Poly',
			'QBlock'
		);
	END IF;

	IF to_regtype('public.michelle_focal_plane_mask') IS NULL THEN
		CREATE TYPE michelle_focal_plane_mask AS ENUM (
			'4_pixels', 'unknown', '8_pixels', 'No Value', '1_pixel', '2_pixels', '3_pixels', '6_pixels',
			'pinholeMask', '16_pixels', 'None'
		);
	END IF;

	IF to_regtype('public.michelle_read_mode') IS NULL THEN
		CREATE TYPE michelle_read_mode AS ENUM ('CHOP', 'NDCHOP', 'STARE', 'chop', 'stare', 'nod', 'chop-nod');
	END IF;

	IF to_regtype('public.mode') IS NULL THEN
		CREATE TYPE mode AS ENUM ('imaging', 'spectroscopy', 'LS', 'MOS', 'IFS', 'IFP');
	END IF;

	IF to_regtype('public.nici_disperser') IS NULL THEN
		CREATE TYPE nici_disperser AS ENUM (
			'Block', 'H-50/50_G5701', 'H-CH4-Dichroic_G5704', 'H/K-Dichroic_G5705', 'Mirror_G5702', 'Open'
		);
	END IF;

	IF to_regtype('public.nici_focal_plane_mask') IS NULL THEN
		CREATE TYPE nici_focal_plane_mask AS ENUM (
			'Clear_G5710', 'F0.22_G5715', 'F0.32_G5714', 'F0.46_G5713', 'F0.65_G5712', 'F0.90_G5711',
			'Grid_G5716'
		);
	END IF;

	IF to_regtype('public.nifs_read_mode') IS NULL THEN
		CREATE TYPE nifs_read_mode AS ENUM ('Faint Object', 'Medium Object', 'Bright Object', 'Invalid');
	END IF;

	IF to_regtype('public.niri_camera') IS NULL THEN
		CREATE TYPE niri_camera AS ENUM (
			'datum', 'f13.9', 'f14', 'f32', 'f6', 'INVALID', 'No Value', 'UNKNOWN'
		);
	END IF;

	IF to_regtype('public.niri_data_section') IS NULL THEN
		CREATE TYPE niri_data_section AS ENUM (
			'Section(x1=0, x2=1024, y1=0, y2=1024)', 'Section(x1=0, x2=256, y1=0, y2=256)',
			'Section(x1=0, x2=512, y1=0, y2=512)', 'Section(x1=0, x2=768, y1=0, y2=768)',
			'Section(x1=256, x2=769, y1=0, y2=1024)', 'Section(x1=256, x2=769, y1=256, y2=768)',
			'Section(x1=64, x2=192, y1=64, y2=192)', 'None'
		);
	END IF;

	IF to_regtype('public.niri_disperser') IS NULL THEN
		CREATE TYPE niri_disperser AS ENUM (
			'Hgrismf32_G5228', 'Hgrism_G5203', 'Jgrismf32_G5226', 'Jgrism_G5202', 'Kgrismf32_G5227',
			'Kgrism_G5204', 'Lgrism_G5205', 'Mgrism_G5206', 'MIRROR'
		);
	END IF;

	IF to_regtype('public.niri_read_mode') IS NULL THEN
		CREATE TYPE niri_read_mode AS ENUM (
			'High Background', 'Medium Background', 'Low Background', 'Invalid'
		);
	END IF;

	IF to_regtype('public.niri_well_depth_setting') IS NULL THEN
		CREATE TYPE niri_well_depth_setting AS ENUM ('Shallow', 'Deep', 'Invalid');
	END IF;

	IF to_regtype('public.obsclass') IS NULL THEN
		CREATE TYPE obsclass AS ENUM ('dayCal', 'partnerCal', 'acqCal', 'acq', 'science', 'progCal');
	END IF;

	IF to_regtype('public.obstype') IS NULL THEN
		CREATE TYPE obstype AS ENUM (
			'DARK', 'ARC', 'FLAT', 'BIAS', 'OBJECT', 'PINHOLE', 'RONCHI', 'CAL', 'FRINGE', 'MASK'
		);
	END IF;

	IF to_regtype('public.qa_state') IS NULL THEN
		CREATE TYPE qa_state AS ENUM ('Fail', 'CHECK', 'Undefined', 'Usable', 'Pass');
	END IF;

	IF to_regtype('public.queue') IS NULL THEN
		CREATE TYPE queue AS ENUM ('INGEST', 'PREVIEW', 'CALCACHE', 'EXPORT');
	END IF;

	IF to_regtype('public.reduction_state') IS NULL THEN
		CREATE TYPE reduction_state AS ENUM (
			'RAW', 'PREPARED', 'PROCESSED_FLAT', 'PROCESSED_BIAS', 'PROCESSED_FRINGE', 'PROCESSED_ARC',
			'PROCESSED_DARK', 'PROCESSED_TELLURIC', 'PROCESSED_SCIENCE'
		);
	END IF;

	IF to_regtype('public.telescope') IS NULL THEN
		CREATE TYPE telescope AS ENUM ('Gemini-North', 'Gemini-South');
	END IF;
END
$$;

-- People, and the programs whose data they may have.
CREATE TABLE IF NOT EXISTS archiveuser (
	id                  serial PRIMARY KEY,
	username            text NOT NULL,
	fullname            text,
	password            text,
	salt                text,
	email               text,
	gemini_staff        boolean,
	superuser           boolean,
	reset_token         text,
	reset_token_expires timestamp,
	cookie              text,
	account_created     timestamp,
	password_changed    timestamp
);
CREATE INDEX IF NOT EXISTS ix_archiveuser_cookie ON archiveuser (cookie);
CREATE INDEX IF NOT EXISTS ix_archiveuser_username ON archiveuser (username);

CREATE TABLE IF NOT EXISTS program (
	id              serial PRIMARY KEY,
	program_id      text,
	pi_coi_names    text,
	title           text,
	abstract        text,
	piemail         text,
	coiemail        text,
	science_band    integer,
	partners        text,
	rollover        boolean,
	too             boolean,
	completion      text,
	allocated_hours double precision,
	remaining_hours double precision,
	last_refreshed  timestamp DEFAULT now()
);
CREATE INDEX IF NOT EXISTS ix_program_last_refreshed ON program (last_refreshed);
CREATE INDEX IF NOT EXISTS ix_program_pi_coi_names ON program (pi_coi_names);
CREATE INDEX IF NOT EXISTS ix_program_program_id ON program (program_id);

CREATE TABLE IF NOT EXISTS userprogram (
	id         serial PRIMARY KEY,
	user_id    integer NOT NULL REFERENCES archiveuser (id),
	program_id text NOT NULL
);
CREATE INDEX IF NOT EXISTS ix_userprogram_program_id ON userprogram (program_id);
CREATE INDEX IF NOT EXISTS ix_userprogram_user_id ON userprogram (user_id);

CREATE TABLE IF NOT EXISTS notification (
	id        serial PRIMARY KEY,
	label     text,
	selection text,
	piemail   text,
	ngoemail  text,
	csemail   text,
	internal  boolean
);

-- Files, each copy of one on disk, and what its headers say.
CREATE TABLE IF NOT EXISTS file (
	id   serial PRIMARY KEY,
	name text NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS ix_file_name ON file (name);

CREATE TABLE IF NOT EXISTS diskfile (
	id         serial PRIMARY KEY,
	file_id    integer NOT NULL REFERENCES file (id),
	filename   text,
	path       text,
	present    boolean,
	canonical  boolean,
	file_md5   text,
	file_size  bigint,
	lastmod    timestamptz,
	entrytime  timestamptz,
	compressed boolean,
	data_md5   text,
	data_size  bigint,
	isfits     boolean,
	fvwarnings integer,
	fverrors   integer,
	mdready    boolean
);
CREATE INDEX IF NOT EXISTS ix_diskfile_canonical ON diskfile (canonical);
CREATE INDEX IF NOT EXISTS ix_diskfile_entrytime ON diskfile (entrytime);
CREATE INDEX IF NOT EXISTS ix_diskfile_file_id ON diskfile (file_id);
CREATE INDEX IF NOT EXISTS ix_diskfile_filename ON diskfile (filename);
CREATE INDEX IF NOT EXISTS ix_diskfile_lastmod ON diskfile (lastmod);
CREATE INDEX IF NOT EXISTS ix_diskfile_present ON diskfile (present);

CREATE TABLE IF NOT EXISTS diskfilereport (
	id          serial PRIMARY KEY,
	diskfile_id integer NOT NULL REFERENCES diskfile (id),
	fvreport    text,
	mdreport    text,
	mdstatus    mdstatus
);
CREATE INDEX IF NOT EXISTS ix_diskfilereport_diskfile_id ON diskfilereport (diskfile_id);
CREATE INDEX IF NOT EXISTS ix_diskfilereport_mdstatus ON diskfilereport (mdstatus);

CREATE TABLE IF NOT EXISTS fulltextheader (
	id          serial PRIMARY KEY,
	diskfile_id integer NOT NULL REFERENCES diskfile (id),
	fulltext    text
);
CREATE INDEX IF NOT EXISTS ix_fulltextheader_diskfile_id ON fulltextheader (diskfile_id);

CREATE TABLE IF NOT EXISTS header (
	id                         serial PRIMARY KEY,
	diskfile_id                integer NOT NULL REFERENCES diskfile (id),
	program_id                 text,
	engineering                boolean,
	science_verification       boolean,
	calibration_program        boolean,
	observation_id             text,
	data_label                 text,
	telescope                  telescope,
	instrument                 text,
	ut_datetime                timestamp,
	ut_datetime_secs           bigint,
	local_time                 time,
	observation_type           obstype,
	observation_class          obsclass,
	object                     text,
	ra                         numeric(16, 12),
	dec                        numeric(16, 12),
	azimuth                    numeric(16, 12),
	elevation                  numeric(16, 12),
	cass_rotator_pa            numeric(16, 12),
	airmass                    numeric(8, 6),
	filter_name                text,
	exposure_time              numeric(8, 4),
	disperser                  text,
	camera                     text,
	central_wavelength         numeric(8, 6),
	wavelength_band            text,
	focal_plane_mask           text,
	pupil_mask                 text,
	detector_binning           text,
	detector_roi_setting       text,
	detector_gain_setting      detector_gain_setting,
	detector_readspeed_setting detector_readspeed_setting,
	detector_welldepth_setting detector_welldepth_setting,
	detector_readmode_setting  text,
	coadds                     integer,
	spectroscopy               boolean,
	mode                       mode,
	adaptive_optics            boolean,
	laser_guide_star           boolean,
	wavefront_sensor           text,
	gcal_lamp                  text,
	raw_iq                     integer,
	raw_cc                     integer,
	raw_wv                     integer,
	raw_bg                     integer,
	requested_iq               integer,
	requested_cc               integer,
	requested_wv               integer,
	requested_bg               integer,
	qa_state                   qa_state,
	release                    date,
	reduction                  reduction_state,
	site_monitoring            boolean,
	types                      text,
	phot_standard              boolean,
	proprietary_coordinates    boolean,
	pre_image                  boolean
);
CREATE INDEX IF NOT EXISTS ix_header_calibration_program ON header (calibration_program);
CREATE INDEX IF NOT EXISTS ix_header_camera ON header (camera);
CREATE INDEX IF NOT EXISTS ix_header_central_wavelength ON header (central_wavelength);
CREATE INDEX IF NOT EXISTS ix_header_data_label ON header (data_label);
CREATE INDEX IF NOT EXISTS ix_header_dec ON header (dec);
CREATE INDEX IF NOT EXISTS ix_header_diskfile_id ON header (diskfile_id);
CREATE INDEX IF NOT EXISTS ix_header_disperser ON header (disperser);
CREATE INDEX IF NOT EXISTS ix_header_engineering ON header (engineering);
CREATE INDEX IF NOT EXISTS ix_header_filter_name ON header (filter_name);
CREATE INDEX IF NOT EXISTS ix_header_focal_plane_mask ON header (focal_plane_mask);
CREATE INDEX IF NOT EXISTS ix_header_instrument ON header (instrument);
CREATE INDEX IF NOT EXISTS ix_header_mode ON header (mode);
CREATE INDEX IF NOT EXISTS ix_header_object ON header (object);
CREATE INDEX IF NOT EXISTS ix_header_observation_class ON header (observation_class);
CREATE INDEX IF NOT EXISTS ix_header_observation_id ON header (observation_id);
CREATE INDEX IF NOT EXISTS ix_header_observation_type ON header (observation_type);
CREATE INDEX IF NOT EXISTS ix_header_program_id ON header (program_id);
CREATE INDEX IF NOT EXISTS ix_header_pupil_mask ON header (pupil_mask);
CREATE INDEX IF NOT EXISTS ix_header_qa_state ON header (qa_state);
CREATE INDEX IF NOT EXISTS ix_header_ra ON header (ra);
CREATE INDEX IF NOT EXISTS ix_header_reduction ON header (reduction);
CREATE INDEX IF NOT EXISTS ix_header_science_verification ON header (science_verification);
CREATE INDEX IF NOT EXISTS ix_header_spectroscopy ON header (spectroscopy);
CREATE INDEX IF NOT EXISTS ix_header_telescope ON header (telescope);
CREATE INDEX IF NOT EXISTS ix_header_ut_datetime ON header (ut_datetime);
CREATE INDEX IF NOT EXISTS ix_header_ut_datetime_secs ON header (ut_datetime_secs);

CREATE TABLE IF NOT EXISTS footprint (
	id        serial PRIMARY KEY,
	header_id integer NOT NULL REFERENCES header (id),
	extension text,
	area      polygon
);
CREATE INDEX IF NOT EXISTS ix_footprint_header_id ON footprint (header_id);

CREATE TABLE IF NOT EXISTS preview (
	id          serial PRIMARY KEY,
	diskfile_id integer NOT NULL REFERENCES diskfile (id),
	filename    text
);
CREATE INDEX IF NOT EXISTS ix_preview_diskfile_id ON preview (diskfile_id);

-- Files that are no science data, and observing logs.
CREATE TABLE IF NOT EXISTS miscfile (
	id          serial PRIMARY KEY,
	diskfile_id integer NOT NULL REFERENCES diskfile (id),
	release     timestamp NOT NULL,
	description text,
	program_id  text
);
CREATE INDEX IF NOT EXISTS ix_miscfile_diskfile_id ON miscfile (diskfile_id);
CREATE INDEX IF NOT EXISTS ix_miscfile_program_id ON miscfile (program_id);

CREATE TABLE IF NOT EXISTS obslog (
	id          serial PRIMARY KEY,
	diskfile_id integer NOT NULL REFERENCES diskfile (id),
	program_id  text,
	date        date
);
CREATE INDEX IF NOT EXISTS ix_obslog_date ON obslog (date);
CREATE INDEX IF NOT EXISTS ix_obslog_diskfile_id ON obslog (diskfile_id);
CREATE INDEX IF NOT EXISTS ix_obslog_program_id ON obslog (program_id);

CREATE TABLE IF NOT EXISTS obslog_comment (
	id         serial PRIMARY KEY,
	program_id text,
	data_label text,
	comment    text
);
CREATE INDEX IF NOT EXISTS ix_obslog_comment_data_label ON obslog_comment (data_label);
CREATE INDEX IF NOT EXISTS ix_obslog_comment_program_id ON obslog_comment (program_id);

-- What one instrument has and the others have not.
CREATE TABLE IF NOT EXISTS f2 (
	id               serial PRIMARY KEY,
	header_id        integer NOT NULL REFERENCES header (id),
	disperser        text,
	filter_name      text,
	lyot_stop        text,
	read_mode        text,
	focal_plane_mask text
);
CREATE INDEX IF NOT EXISTS ix_f2_disperser ON f2 (disperser);
CREATE INDEX IF NOT EXISTS ix_f2_filter_name ON f2 (filter_name);
CREATE INDEX IF NOT EXISTS ix_f2_header_id ON f2 (header_id);
CREATE INDEX IF NOT EXISTS ix_f2_lyot_stop ON f2 (lyot_stop);
CREATE INDEX IF NOT EXISTS ix_f2_read_mode ON f2 (read_mode);

CREATE TABLE IF NOT EXISTS gmos (
	id                  serial PRIMARY KEY,
	header_id           integer NOT NULL REFERENCES header (id),
	disperser           text,
	filter_name         text,
	detector_x_bin      integer,
	detector_y_bin      integer,
	amp_read_area       text,
	read_speed_setting  gmos_read_speed_setting,
	gain_setting        gmos_gain_setting,
	focal_plane_mask    text,
	nodandshuffle       boolean,
	nod_count           integer,
	nod_pixels          integer,
	prepared            boolean,
	overscan_subtracted boolean,
	overscan_trimmed    boolean
);
CREATE INDEX IF NOT EXISTS ix_gmos_amp_read_area ON gmos (amp_read_area);
CREATE INDEX IF NOT EXISTS ix_gmos_detector_x_bin ON gmos (detector_x_bin);
CREATE INDEX IF NOT EXISTS ix_gmos_detector_y_bin ON gmos (detector_y_bin);
CREATE INDEX IF NOT EXISTS ix_gmos_disperser ON gmos (disperser);
CREATE INDEX IF NOT EXISTS ix_gmos_filter_name ON gmos (filter_name);
CREATE INDEX IF NOT EXISTS ix_gmos_focal_plane_mask ON gmos (focal_plane_mask);
CREATE INDEX IF NOT EXISTS ix_gmos_gain_setting ON gmos (gain_setting);
CREATE INDEX IF NOT EXISTS ix_gmos_header_id ON gmos (header_id);
CREATE INDEX IF NOT EXISTS ix_gmos_nod_count ON gmos (nod_count);
CREATE INDEX IF NOT EXISTS ix_gmos_nod_pixels ON gmos (nod_pixels);
CREATE INDEX IF NOT EXISTS ix_gmos_nodandshuffle ON gmos (nodandshuffle);
CREATE INDEX IF NOT EXISTS ix_gmos_overscan_subtracted ON gmos (overscan_subtracted);
CREATE INDEX IF NOT EXISTS ix_gmos_overscan_trimmed ON gmos (overscan_trimmed);
CREATE INDEX IF NOT EXISTS ix_gmos_prepared ON gmos (prepared);
CREATE INDEX IF NOT EXISTS ix_gmos_read_speed_setting ON gmos (read_speed_setting);

CREATE TABLE IF NOT EXISTS gnirs (
	id                 serial PRIMARY KEY,
	header_id          integer NOT NULL REFERENCES header (id),
	disperser          text,
	filter_name        text,
	read_mode          gnirs_read_mode,
	well_depth_setting gnirs_well_depth_setting,
	camera             text,
	focal_plane_mask   text
);
CREATE INDEX IF NOT EXISTS ix_gnirs_camera ON gnirs (camera);
CREATE INDEX IF NOT EXISTS ix_gnirs_disperser ON gnirs (disperser);
CREATE INDEX IF NOT EXISTS ix_gnirs_filter_name ON gnirs (filter_name);
CREATE INDEX IF NOT EXISTS ix_gnirs_header_id ON gnirs (header_id);
CREATE INDEX IF NOT EXISTS ix_gnirs_read_mode ON gnirs (read_mode);
CREATE INDEX IF NOT EXISTS ix_gnirs_well_depth_setting ON gnirs (well_depth_setting);

CREATE TABLE IF NOT EXISTS gpi (
	id                   serial PRIMARY KEY,
	header_id            integer NOT NULL REFERENCES header (id),
	filter_name          text,
	disperser            text,
	focal_plane_mask     text,
	pupil_mask           text,
	astrometric_standard boolean,
	wollaston            boolean,
	prism                boolean
);
CREATE INDEX IF NOT EXISTS ix_gpi_astrometric_standard ON gpi (astrometric_standard);
CREATE INDEX IF NOT EXISTS ix_gpi_disperser ON gpi (disperser);
CREATE INDEX IF NOT EXISTS ix_gpi_filter_name ON gpi (filter_name);
CREATE INDEX IF NOT EXISTS ix_gpi_focal_plane_mask ON gpi (focal_plane_mask);
CREATE INDEX IF NOT EXISTS ix_gpi_header_id ON gpi (header_id);
CREATE INDEX IF NOT EXISTS ix_gpi_prism ON gpi (prism);
CREATE INDEX IF NOT EXISTS ix_gpi_pupil_mask ON gpi (pupil_mask);
CREATE INDEX IF NOT EXISTS ix_gpi_wollaston ON gpi (wollaston);

CREATE TABLE IF NOT EXISTS gsaoi (
	id          serial PRIMARY KEY,
	header_id   integer NOT NULL REFERENCES header (id),
	filter_name text,
	read_mode   text
);
CREATE INDEX IF NOT EXISTS ix_gsaoi_filter_name ON gsaoi (filter_name);
CREATE INDEX IF NOT EXISTS ix_gsaoi_header_id ON gsaoi (header_id);
CREATE INDEX IF NOT EXISTS ix_gsaoi_read_mode ON gsaoi (read_mode);

CREATE TABLE IF NOT EXISTS michelle (
	id               serial PRIMARY KEY,
	header_id        integer NOT NULL REFERENCES header (id),
	disperser        michelle_disperser,
	filter_name      michelle_filter,
	read_mode        michelle_read_mode,
	focal_plane_mask michelle_focal_plane_mask
);
CREATE INDEX IF NOT EXISTS ix_michelle_disperser ON michelle (disperser);
CREATE INDEX IF NOT EXISTS ix_michelle_filter_name ON michelle (filter_name);
CREATE INDEX IF NOT EXISTS ix_michelle_focal_plane_mask ON michelle (focal_plane_mask);
CREATE INDEX IF NOT EXISTS ix_michelle_header_id ON michelle (header_id);
CREATE INDEX IF NOT EXISTS ix_michelle_read_mode ON michelle (read_mode);

CREATE TABLE IF NOT EXISTS nici (
	id               serial PRIMARY KEY,
	header_id        integer NOT NULL REFERENCES header (id),
	filter_name      text,
	focal_plane_mask nici_focal_plane_mask,
	disperser        nici_disperser
);
CREATE INDEX IF NOT EXISTS ix_nici_disperser ON nici (disperser);
CREATE INDEX IF NOT EXISTS ix_nici_filter_name ON nici (filter_name);
CREATE INDEX IF NOT EXISTS ix_nici_focal_plane_mask ON nici (focal_plane_mask);
CREATE INDEX IF NOT EXISTS ix_nici_header_id ON nici (header_id);

CREATE TABLE IF NOT EXISTS nifs (
	id               serial PRIMARY KEY,
	header_id        integer NOT NULL REFERENCES header (id),
	disperser        text,
	filter_name      text,
	read_mode        nifs_read_mode,
	focal_plane_mask text
);
CREATE INDEX IF NOT EXISTS ix_nifs_disperser ON nifs (disperser);
CREATE INDEX IF NOT EXISTS ix_nifs_filter_name ON nifs (filter_name);
CREATE INDEX IF NOT EXISTS ix_nifs_header_id ON nifs (header_id);
CREATE INDEX IF NOT EXISTS ix_nifs_read_mode ON nifs (read_mode);

CREATE TABLE IF NOT EXISTS niri (
	id                 serial PRIMARY KEY,
	header_id          integer NOT NULL REFERENCES header (id),
	disperser          niri_disperser,
	filter_name        text,
	read_mode          niri_read_mode,
	well_depth_setting niri_well_depth_setting,
	data_section       niri_data_section,
	camera             niri_camera,
	focal_plane_mask   text
);
CREATE INDEX IF NOT EXISTS ix_niri_camera ON niri (camera);
CREATE INDEX IF NOT EXISTS ix_niri_data_section ON niri (data_section);
CREATE INDEX IF NOT EXISTS ix_niri_disperser ON niri (disperser);
CREATE INDEX IF NOT EXISTS ix_niri_filter_name ON niri (filter_name);
CREATE INDEX IF NOT EXISTS ix_niri_header_id ON niri (header_id);
CREATE INDEX IF NOT EXISTS ix_niri_read_mode ON niri (read_mode);
CREATE INDEX IF NOT EXISTS ix_niri_well_depth_setting ON niri (well_depth_setting);

-- Photometric standard stars, and the images that show them.
CREATE TABLE IF NOT EXISTS photstandard (
	id         serial PRIMARY KEY,
	name       text,
	field      text,
	ra         numeric(16, 12),
	dec        numeric(16, 12),
	u_mag      numeric(6, 4),
	v_mag      numeric(6, 4),
	g_mag      numeric(6, 4),
	r_mag      numeric(6, 4),
	i_mag      numeric(6, 4),
	z_mag      numeric(6, 4),
	y_mag      numeric(6, 4),
	j_mag      numeric(6, 4),
	h_mag      numeric(6, 4),
	k_mag      numeric(6, 4),
	lprime_mag numeric(6, 4),
	m_mag      numeric(6, 4),
	coords     point
);
CREATE INDEX IF NOT EXISTS ix_photstandard_dec ON photstandard (dec);
CREATE INDEX IF NOT EXISTS ix_photstandard_ra ON photstandard (ra);

CREATE TABLE IF NOT EXISTS photstandardobs (
	id              serial PRIMARY KEY,
	photstandard_id integer NOT NULL REFERENCES photstandard (id),
	footprint_id    integer NOT NULL REFERENCES footprint (id)
);
CREATE INDEX IF NOT EXISTS ix_photstandardobs_footprint_id ON photstandardobs (footprint_id);
CREATE INDEX IF NOT EXISTS ix_photstandardobs_photstandard_id ON photstandardobs (photstandard_id);

-- Calibrations found for an observation.
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

-- Work that waits for the daemons.
CREATE TABLE IF NOT EXISTS ingestqueue (
	id         serial PRIMARY KEY,
	filename   text NOT NULL,
	path       text,
	inprogress boolean,
	failed     boolean,
	added      timestamp,
	force_md5  boolean,
	force      boolean,
	after      timestamp,
	sortkey    text,
	UNIQUE (filename, inprogress, failed)
);
CREATE INDEX IF NOT EXISTS ix_ingestqueue_filename ON ingestqueue (filename);
CREATE INDEX IF NOT EXISTS ix_ingestqueue_inprogress ON ingestqueue (inprogress);
CREATE INDEX IF NOT EXISTS ix_ingestqueue_sortkey ON ingestqueue (sortkey);

CREATE TABLE IF NOT EXISTS exportqueue (
	id          serial PRIMARY KEY,
	filename    text NOT NULL,
	path        text,
	destination text NOT NULL,
	inprogress  boolean,
	failed      boolean,
	added       timestamp,
	lastfailed  timestamp,
	UNIQUE (filename, inprogress, failed)
);
CREATE INDEX IF NOT EXISTS ix_exportqueue_destination ON exportqueue (destination);
CREATE INDEX IF NOT EXISTS ix_exportqueue_filename ON exportqueue (filename);
CREATE INDEX IF NOT EXISTS ix_exportqueue_inprogress ON exportqueue (inprogress);

CREATE TABLE IF NOT EXISTS previewqueue (
	id          serial PRIMARY KEY,
	diskfile_id integer NOT NULL REFERENCES diskfile (id),
	inprogress  boolean,
	failed      boolean,
	sortkey     text
);
CREATE UNIQUE INDEX IF NOT EXISTS ix_previewqueue_diskfile_id ON previewqueue (diskfile_id);
CREATE INDEX IF NOT EXISTS ix_previewqueue_inprogress ON previewqueue (inprogress);
CREATE INDEX IF NOT EXISTS ix_previewqueue_sortkey ON previewqueue (sortkey);

CREATE TABLE IF NOT EXISTS calcachequeue (
	id          serial PRIMARY KEY,
	obs_hid     integer NOT NULL REFERENCES header (id),
	inprogress  boolean,
	failed      boolean,
	ut_datetime timestamp,
	sortkey     timestamp
);
CREATE INDEX IF NOT EXISTS ix_calcachequeue_inprogress ON calcachequeue (inprogress);
CREATE INDEX IF NOT EXISTS ix_calcachequeue_obs_hid ON calcachequeue (obs_hid);
CREATE INDEX IF NOT EXISTS ix_calcachequeue_sortkey ON calcachequeue (sortkey);

CREATE TABLE IF NOT EXISTS queue_error (
	id       serial PRIMARY KEY,
	filename text NOT NULL,
	path     text,
	added    timestamp,
	queue    queue,
	error    text
);
CREATE INDEX IF NOT EXISTS ix_queue_error_filename ON queue_error (filename);
CREATE INDEX IF NOT EXISTS ix_queue_error_queue ON queue_error (queue);

-- Quality as the pipelines measured it.
CREATE TABLE IF NOT EXISTS qareport (
	id               serial PRIMARY KEY,
	hostname         text,
	userid           text,
	processid        integer,
	executable       text,
	software         text,
	software_version text,
	context          text,
	submit_time      timestamp,
	submit_host      text
);

CREATE TABLE IF NOT EXISTS qametriciq (
	id              serial PRIMARY KEY,
	qareport_id     integer REFERENCES qareport (id),
	datalabel       text,
	filename        text,
	detector        text,
	fwhm            numeric(6, 3),
	fwhm_std        numeric(6, 3),
	isofwhm         numeric(6, 3),
	isofwhm_std     numeric(6, 3),
	ee50d           numeric(6, 3),
	ee50d_std       numeric(6, 3),
	elip            numeric(5, 3),
	elip_std        numeric(5, 3),
	pa              numeric(6, 3),
	pa_std          numeric(6, 3),
	adaptive_optics boolean,
	ao_seeing       numeric(6, 3),
	strehl          numeric(6, 3),
	strehl_std      numeric(6, 3),
	nsamples        integer,
	percentile_band text,
	comment         text
);

CREATE TABLE IF NOT EXISTS qametricpe (
	id          serial PRIMARY KEY,
	qareport_id integer REFERENCES qareport (id),
	datalabel   text,
	filename    text,
	detector    text,
	dra         numeric(9, 3),
	dra_std     numeric(9, 3),
	ddec        numeric(9, 3),
	ddec_std    numeric(9, 3),
	astref      text,
	nsamples    integer,
	comment     text
);

CREATE TABLE IF NOT EXISTS qametricsb (
	id              serial PRIMARY KEY,
	qareport_id     integer REFERENCES qareport (id),
	datalabel       text,
	filename        text,
	detector        text,
	mag             numeric(5, 3),
	mag_std         numeric(5, 3),
	electrons       numeric(9, 2),
	electrons_std   numeric(7, 2),
	nsamples        integer,
	percentile_band text,
	comment         text
);

CREATE TABLE IF NOT EXISTS qametriczp (
	id              serial PRIMARY KEY,
	qareport_id     integer REFERENCES qareport (id),
	datalabel       text,
	filename        text,
	detector        text,
	mag             numeric(5, 3),
	mag_std         numeric(5, 3),
	cloud           numeric(5, 3),
	cloud_std       numeric(5, 3),
	photref         text,
	nsamples        integer,
	percentile_band text,
	comment         text
);

-- Who asked the web server for what.
CREATE TABLE IF NOT EXISTS usagelog (
	id         serial PRIMARY KEY,
	utdatetime timestamp,
	user_id    integer REFERENCES archiveuser (id),
	ip_address text,
	user_agent text,
	referer    text,
	method     text,
	uri        text,
	this       text,
	bytes      bigint,
	status     integer,
	notes      text
);
CREATE INDEX IF NOT EXISTS ix_usagelog_ip_address ON usagelog (ip_address);
CREATE INDEX IF NOT EXISTS ix_usagelog_status ON usagelog (status);
CREATE INDEX IF NOT EXISTS ix_usagelog_this ON usagelog (this);
CREATE INDEX IF NOT EXISTS ix_usagelog_user_id ON usagelog (user_id);
CREATE INDEX IF NOT EXISTS ix_usagelog_utdatetime ON usagelog (utdatetime);

CREATE TABLE IF NOT EXISTS querylog (
	id                serial PRIMARY KEY,
	usagelog_id       integer NOT NULL REFERENCES usagelog (id),
	summarytype       text,
	selection         text,
	numresults        integer,
	numcalresults     integer,
	query_started     timestamp,
	query_completed   timestamp,
	cals_completed    timestamp,
	summary_completed timestamp,
	notes             text
);
CREATE INDEX IF NOT EXISTS ix_querylog_summarytype ON querylog (summarytype);
CREATE INDEX IF NOT EXISTS ix_querylog_usagelog_id ON querylog (usagelog_id);

CREATE TABLE IF NOT EXISTS downloadlog (
	id                 serial PRIMARY KEY,
	usagelog_id        integer NOT NULL REFERENCES usagelog (id),
	selection          text,
	numresults         integer,
	sending_files      boolean,
	numdenied          integer,
	query_started      timestamp,
	query_completed    timestamp,
	download_completed timestamp,
	notes              text
);
CREATE INDEX IF NOT EXISTS ix_downloadlog_usagelog_id ON downloadlog (usagelog_id);

CREATE TABLE IF NOT EXISTS filedownloadlog (
	id                 serial PRIMARY KEY,
	usagelog_id        integer NOT NULL REFERENCES usagelog (id),
	diskfile_filename  text,
	diskfile_file_md5  text,
	diskfile_file_size bigint,
	ut_datetime        timestamp,
	released           boolean,
	pi_access          boolean,
	staff_access       boolean,
	magic_access       boolean,
	eng_access         boolean,
	canhaveit          boolean,
	notes              text
);
CREATE INDEX IF NOT EXISTS ix_filedownloadlog_diskfile_filename ON filedownloadlog (diskfile_filename);
CREATE INDEX IF NOT EXISTS ix_filedownloadlog_usagelog_id ON filedownloadlog (usagelog_id);
CREATE INDEX IF NOT EXISTS ix_filedownloadlog_ut_datetime ON filedownloadlog (ut_datetime);

CREATE TABLE IF NOT EXISTS fileuploadlog (
	id                   serial PRIMARY KEY,
	usagelog_id          integer NOT NULL REFERENCES usagelog (id),
	ut_transfer_start    timestamp,
	ut_transfer_complete timestamp,
	filename             text,
	size                 integer,
	md5                  text,
	processed_cal        boolean,
	invoke_status        integer,
	invoke_pid           integer,
	destination          text,
	s3_ut_start          timestamp,
	s3_ut_end            timestamp,
	s3_ok                boolean,
	file_ok              boolean,
	ingestqueue_id       integer,
	notes                text
);
CREATE INDEX IF NOT EXISTS ix_fileuploadlog_filename ON fileuploadlog (filename);
CREATE INDEX IF NOT EXISTS ix_fileuploadlog_usagelog_id ON fileuploadlog (usagelog_id);
CREATE INDEX IF NOT EXISTS ix_fileuploadlog_ut_transfer_start ON fileuploadlog (ut_transfer_start);

-- Copies elsewhere: on tape, and at a cloud provider.
CREATE TABLE IF NOT EXISTS tape (
	id           serial PRIMARY KEY,
	label        text NOT NULL,
	firstwrite   timestamp,
	lastwrite    timestamp,
	lastverified timestamp,
	location     text,
	lastmoved    timestamp,
	active       boolean,
	"full"       boolean,
	set          integer,
	fate         text
);
CREATE INDEX IF NOT EXISTS ix_tape_active ON tape (active);
CREATE INDEX IF NOT EXISTS ix_tape_full ON tape ("full");
CREATE INDEX IF NOT EXISTS ix_tape_label ON tape (label);
CREATE INDEX IF NOT EXISTS ix_tape_set ON tape (set);

CREATE TABLE IF NOT EXISTS tapewrite (
	id           serial PRIMARY KEY,
	tape_id      integer NOT NULL REFERENCES tape (id),
	filenum      integer,
	startdate    timestamp,
	enddate      timestamp,
	suceeded     boolean,
	size         bigint,
	beforestatus text,
	afterstatus  text,
	hostname     text,
	tapedrive    text,
	notes        text
);
CREATE INDEX IF NOT EXISTS ix_tapewrite_filenum ON tapewrite (filenum);
CREATE INDEX IF NOT EXISTS ix_tapewrite_suceeded ON tapewrite (suceeded);
CREATE INDEX IF NOT EXISTS ix_tapewrite_tape_id ON tapewrite (tape_id);

CREATE TABLE IF NOT EXISTS tapefile (
	id           serial PRIMARY KEY,
	tapewrite_id integer NOT NULL REFERENCES tapewrite (id),
	filename     text,
	size         integer,
	md5          text,
	compressed   boolean,
	data_size    integer,
	data_md5     text,
	lastmod      timestamptz
);
CREATE INDEX IF NOT EXISTS ix_tapefile_filename ON tapefile (filename);
CREATE INDEX IF NOT EXISTS ix_tapefile_lastmod ON tapefile (lastmod);
CREATE INDEX IF NOT EXISTS ix_tapefile_md5 ON tapefile (md5);
CREATE INDEX IF NOT EXISTS ix_tapefile_size ON tapefile (size);
CREATE INDEX IF NOT EXISTS ix_tapefile_tapewrite_id ON tapefile (tapewrite_id);

CREATE TABLE IF NOT EXISTS taperead (
	id        serial PRIMARY KEY,
	filename  text,
	md5       text,
	requester text
);
CREATE INDEX IF NOT EXISTS ix_taperead_filename ON taperead (filename);
CREATE INDEX IF NOT EXISTS ix_taperead_md5 ON taperead (md5);

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
-- Nothing: the history starts here. Who wants to be rid of version 0 drops the database.
