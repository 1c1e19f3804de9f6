-- Rows of version 39 for each rule by which migrations 40 to 66 change data: the old values. The new ones are in
-- test_data_rules.c, written by hand from the rules.

SET search_path = public;

INSERT INTO file (id, name) SELECT n, 'f' || n FROM generate_series(1, 40) n;
INSERT INTO diskfile (id, file_id, filename, path)
SELECT n, n, format('N20200701S%s.fits', lpad(n::text, 4, '0')), 'p' FROM generate_series(1, 40) n;
INSERT INTO header (id, diskfile_id, procmode, detector_readspeed_setting, exposure_time)
VALUES
	(1, 1, 'sq', 'unknown', 12.3456),
	(2, 2, 'ql', 'slow', 9999.9999),
	(3, 3, 'qa', 'standard', NULL),
	(4, 4, NULL, 'None', 0),
	(5, 5, NULL, 'fast', 1),
	(6, 6, NULL, 'medium', 2),
	(10, 10, NULL, NULL, 3),
	(11, 11, NULL, NULL, 3),
	(12, 12, NULL, NULL, 3),
	(13, 13, NULL, NULL, 3),
	(14, 14, NULL, NULL, 3),
	(15, 15, NULL, 'unknown', 3);

INSERT INTO archiveuser (id, username, password, cookie, gemini_staff)
VALUES (7, 'u', 'pw', 'ck', true), (8, 'v', NULL, NULL, false);
INSERT INTO userprogram (id, user_id, program_id) VALUES (1, 7, 'GN-1');

-- Queues: failures with and without a time, nulls, entries in progress, entries that are the same afterwards.
INSERT INTO exportqueue (id, filename, path, destination, inprogress, failed, lastfailed, added, after, sortkey)
VALUES
	(1, 'N20200701S0001.fits', 'p', 'https://archive.x', false, false, NULL, '2020-01-01', '2020-01-02', 'old'),
	(2, 'N20200701S0002.fits', 'p', 'https://x', true, true, '2020-02-02', '2020-01-01', NULL, 'old'),
	(3, 'SDCS_20200701_0003.fits', NULL, 'd', NULL, true, NULL, '2020-01-01', '2020-01-01', NULL),
	(4, 'img_20200701_004a.fits', 'p', 'd', false, true, NULL, '2020-01-05', NULL, NULL),
	(5, '20200701_GN-2020A-Q-1_obslog.txt', '', 'd', false, true, NULL, NULL, NULL, NULL),
	(6, 'misc.tar', '', 'd', false, NULL, NULL, NULL, NULL, NULL),
	(7, 'misc.tar', '', 'd', true, false, NULL, NULL, NULL, NULL),
	(8, 'gS20210102X99_bias.fits', '', 'd', false, false, NULL, NULL, '2020-01-01', NULL);
UPDATE exportqueue
SET header_fields = '{"a":1}', md5_before_header = 'm1', md5_after_header = 'm2', reject_new = true
WHERE id = 1;
INSERT INTO ingestqueue (id, filename, path, inprogress, failed, added, after)
VALUES
	(1, 'S20200701S0001.fits', NULL, false, true, '2020-01-01', '2020-01-01'),
	(2, 'S20200701S0002.fits', '', false, NULL, '2020-01-01', NULL),
	(3, 'S20200701S0003.fits', 'a', true, NULL, NULL, NULL),
	(4, 'S20200701S0004.fits', NULL, NULL, NULL, '2020-01-01', NULL),
	(5, 'S20200701S0004.fits', NULL, true, false, '2020-01-01', NULL);
INSERT INTO calcachequeue (id, obs_hid, inprogress, failed, ut_datetime, sortkey, filename)
VALUES
	(1, 1, true, false, '2020-01-01', '2020-01-01', NULL),
	(2, 1, false, false, '2020-01-02', '2020-01-01', NULL),
	(3, 2, false, true, '2020-01-03', '2020-01-01', 'N20200701S0002.fits'),
	(4, 3, false, true, '2020-01-04', '2020-01-01', 'N20200701S0003.fits');
INSERT INTO previewqueue (id, diskfile_id, inprogress, failed, sortkey)
VALUES (1, 1, true, NULL, 'x'), (2, 2, false, true, 'x');
INSERT INTO queue_error (id, filename, path, added, queue, error)
VALUES
	(1, 'SDCS_20200701_0003.fits', '', '2020-03-04', 'EXPORT', 'second'),
	(2, 'SDCS_20200701_0003.fits', NULL, '2020-03-03', 'EXPORT', 'first'),
	(3, 'SDCS_20200701_0003.fits', 'other', '2020-03-09', 'EXPORT', 'of another path'),
	(4, 'SDCS_20200701_0003.fits', '', '2020-03-10', 'INGEST', 'of another queue'),
	(5, 'S20200701S0001.fits', NULL, '2020-05-05', 'INGEST', 'ing'),
	(6, 'N20200701S0002.fits', 'p', '2020-06-06', 'CALCACHE', 'cal'),
	(7, 'not available', '', '2020-06-06', 'PREVIEW', 'pre'),
	(8, 'N20200701S0002.fits', 'p', '2020-06-07', 'EXPORT', 'exp'),
	(9, 'misc.tar', '', '2020-06-07', 'EXPORT', 'has not failed');

-- Tables and labels that are renamed.
INSERT INTO provenance (id, diskfile_id, filename, primitive) VALUES (1, 1, 'a', 'pr');
INSERT INTO provenance_history (id, diskfile_id, primitive, args) VALUES (1, 1, 'ph', 'ar');
INSERT INTO tape (id, label) VALUES (1, 't');
INSERT INTO tapewrite (id, tape_id, suceeded) VALUES (1, 1, true), (2, 1, false);

-- Tables that go to schema retired.
INSERT INTO target_presence (id, target_name, diskfile_id) VALUES (1, 'Mars', 1), (2, 'Moon', 30);
INSERT INTO targets_checked (id, diskfile_id) VALUES (1, 1), (2, 30);
INSERT INTO miscfile_collection (id, name) VALUES (1, 'c');
INSERT INTO miscfile_collection_users VALUES (1, 7), (1, 8);
INSERT INTO miscfile_folder (id, name, collection_id, release) VALUES (1, 'f', 1, '2020-01-01');
INSERT INTO miscfile_plus (id, folder_id, release) VALUES (1, 1, '2020-01-01');

-- Calibration types that have gone or been renamed, and one that has not.
INSERT INTO calcache (id, obs_hid, cal_hid, rank, caltype)
VALUES
	(1, 1, 2, 1, 'bpm'),
	(2, 1, 2, 1, 'spectwilight'),
	(3, 1, 2, 1, 'telluric_standard'),
	(4, 1, 2, 1, 'pinhole_mask'),
	(5, 1, 2, 1, 'processed_bpm');

-- GHOST: a row of one arm, of several, of one that is not named, and two that tell little.
INSERT INTO ghost (id, header_id, arm, detector_name, detector_x_bin, gain_setting, read_speed_setting, res_mode,
	focal_plane_mask, detector_name_red, read_speed_setting_red, exposure_time_red, prepared, want_before_arc,
	disperser, amp_read_area)
VALUES (1, 10, 'red', 'plain', 2, 'low', 'fast', 'std', 'SR', 'rdet', 'slow', 5.5, true, false, 'D', 'A');
INSERT INTO ghost (id, header_id, detector_name, res_mode, focal_plane_mask, detector_name_red, detector_name_blue,
	read_speed_setting_red, read_speed_setting_blue, exposure_time_blue, overscan_trimmed)
VALUES
	(2, 11, 'plain', 'high', 'x', 'rdet', 'bdet', 'slow', 'medium', 7, true),
	(3, 12, 'plain', NULL, NULL, 'rdet', NULL, 'unknown', NULL, NULL, NULL),
	(6, 15, NULL, NULL, NULL, 'r', 'b', 'fast', 'slow', NULL, NULL);
INSERT INTO ghost (id, header_id, detector_name, read_speed_setting, res_mode) VALUES (4, 13, 'plain', 'fast', 'high');
INSERT INTO ghost (id, header_id, amp_read_area_slitv) VALUES (5, 14, 'amp');
SELECT setval('ghost_id_seq', 20);

-- Programs and publications that are there twice or have no name; links of which an end is missing.
INSERT INTO program (id, program_id, title, piemail, last_refreshed, too)
VALUES
	(1, 'GN-1', 'old', 'a@x', '2020-01-01', true),
	(2, 'GN-1', 'new', 'b@x', '2021-01-01', false),
	(3, 'GN-2', 't', 'c', '2020-01-01', NULL),
	(4, 'GN-3', 'a', 'd', '2020-01-01', NULL),
	(5, 'GN-3', 'b', 'e', '2020-01-01', NULL),
	(6, NULL, 'n', NULL, NULL, NULL),
	(7, NULL, 'n2', NULL, NULL, NULL);
INSERT INTO publication (id, bibcode, too, telescope, last_refreshed)
VALUES
	(1, '2020A ', 'Y', 'GN', '2020-01-01'),
	(2, '2020A', 'N', 'GS', '2019-01-01'),
	(3, '2020B', 'x', 'GN', '2020-01-01'),
	(4, '2020C', NULL, NULL, NULL),
	(5, '2020D', 'N', NULL, NULL);
INSERT INTO programpublication (id, prog_id, pub_id, program_text_id, bibcode)
VALUES
	(1, 1, 1, 'GN-1', '2020A'),
	(2, 2, 2, 'GN-1', '2020A'),
	(3, NULL, 3, 'GN-2', '2020B'),
	(4, NULL, 3, 'GN-99', '2020B'),
	(5, 3, 99, 'GN-2', 'gone'),
	(6, 4, 3, 'GN-3', '2020B'),
	(7, 88, 4, 'GN-2', '2020C');
INSERT INTO obslog_comment (id, program_id, data_label, comment) VALUES (1, 'GN-2020A-Q-1', 'GN-2020A-Q-1-2-3', 'c');

INSERT INTO usagelog (id, user_id) VALUES (1, 7), (2, NULL);
INSERT INTO querylog (id, usagelog_id) VALUES (1, 1);
INSERT INTO downloadlog (id, usagelog_id) VALUES (1, 1);
INSERT INTO filedownloadlog (id, usagelog_id) VALUES (1, 2);
INSERT INTO fileuploadlog (id, usagelog_id, size, invoke_pid) VALUES (1, 2, 2147483647, 4);
