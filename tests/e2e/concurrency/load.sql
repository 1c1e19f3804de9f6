-- A database at version 18 with 200,000 files: each has a row in diskfile, header and exportqueue.

INSERT INTO file (name) SELECT 'N20200101S' || i || '.fits' FROM generate_series(1, 200000) i;

INSERT INTO diskfile (file_id, filename, path, present, canonical, file_md5, file_size, lastmod, entrytime, compressed,
	data_md5, data_size, isfits, fvwarnings, fverrors, mdready, datafile_timestamp)
SELECT i, 'N20200101S' || i || '.fits.bz2', '', true, i % 10 > 0, md5(i::text), i * 1000, t, t, true, md5(i::text),
	i * 3000, true, 0, 0, true, t
FROM generate_series(1, 200000) i, LATERAL (SELECT timestamptz '2020-01-01' + i * interval '1 minute' AS t) x;

INSERT INTO header (diskfile_id, program_id, engineering, science_verification, calibration_program, procsci,
	observation_id, data_label, telescope, instrument, ut_datetime, ut_datetime_secs, local_time, observation_type,
	observation_class, object, ra, dec, azimuth, elevation, airmass, filter_name, exposure_time, disperser, camera,
	central_wavelength, focal_plane_mask, detector_gain_setting, coadds, spectroscopy, mode, adaptive_optics, raw_iq,
	raw_cc, raw_wv, raw_bg, qa_state, release, reduction, types, phot_standard)
SELECT i, 'GN-2020A-Q-' || i % 500, false, false, i % 7 = 0, (enum_range(NULL::procsci))[1],
	'GN-2020A-Q-' || i % 500 || '-' || i % 40, 'GN-2020A-Q-' || i % 500 || '-' || i % 40 || '-' || i,
	(enum_range(NULL::telescope))[1], 'GMOS-N', t, i * 60, t::time, (enum_range(NULL::obstype))[1 + i % 5],
	(enum_range(NULL::obsclass))[1 + i % 3], 'object ' || i % 5000, i % 360, i % 90, i % 360, i % 90, 1.5,
	'r' || i % 10, i % 300, 'R400', 'camera', 0.65, '1.0arcsec', (enum_range(NULL::detector_gain_setting))[1], 1,
	i % 2 = 0, (enum_range(NULL::mode))[1 + i % 3], false, 70, 50, 80, 50, (enum_range(NULL::qa_state))[1], t::date,
	(enum_range(NULL::reduction_state))[1], 'GEMINI GMOS_N NORTH RAW SIDEREAL UNPREPARED', false
FROM generate_series(1, 200000) i,
	LATERAL (SELECT CASE WHEN i % 50 > 0 THEN timestamp '2020-01-01' + i * interval '1 minute' END AS t) x;

INSERT INTO exportqueue (filename, path, destination, inprogress, failed, added)
SELECT 'N20200101S' || i || '.fits', '', 'https://archive.example', false, false,
	timestamp '2020-01-01' + i * interval '1 minute'
FROM generate_series(1, 200000) i;
