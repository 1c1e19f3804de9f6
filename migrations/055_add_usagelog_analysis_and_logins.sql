-- Release 3.2: the staff mark of an account has its old name again, accounts can be of a team of an instrument, and the
-- usage log is analysed by network. On-site servers, stamped 54 when they were made, get the tables that they lack.
-- lint:allow drop-or-rename: the tables of users and of QA metrics are small, and the archive is down
-- lint:allow create-index: as above
-- lint:allow work-after-exclusive: as above

-- migrate:up
DO $$
BEGIN
	IF EXISTS (
		SELECT FROM pg_attribute
		WHERE attrelid = to_regclass('public.users')::oid AND attname = 'staff' AND NOT attisdropped
	) THEN
		ALTER TABLE public.users RENAME COLUMN staff TO gemini_staff;
	END IF;

	IF to_regtype('public.caltype') IS NULL THEN
		CREATE TYPE public.caltype AS ENUM (
			'bias', 'dark', 'flat', 'arc', 'processed_bias', 'processed_dark', 'processed_flat', 'processed_arc',
			'processed_fringe', 'pinhole', 'processed_pinhole', 'ronchi_mask', 'spectwilight', 'lampoff_flat',
			'qh_flat', 'specphot', 'photometric_standard', 'telluric_standard', 'domeflat', 'lampoff_domeflat',
			'mask', 'polarization_standard', 'astrometric_standard', 'polarization_flat', 'processed_standard',
			'processed_slitillum', 'slitillum', 'processed_bpm'
		);
	END IF;
END
$$;
ALTER TABLE users
	ADD COLUMN IF NOT EXISTS noirlab_id text,
	ADD COLUMN IF NOT EXISTS instrument_team text,
	ADD COLUMN IF NOT EXISTS last_login timestamp,
	ADD COLUMN IF NOT EXISTS last_login_by text;
CREATE INDEX IF NOT EXISTS ix_users_noirlab_id ON users (noirlab_id);

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
CREATE TABLE IF NOT EXISTS ipprefix (
	id            serial PRIMARY KEY,
	prefix        cidr NOT NULL,
	api_used      text,
	api_query_utc timestamp,
	asn           integer,
	name          text,
	description   text,
	parent        cidr,
	badness       integer,
	allow         boolean,
	deny          boolean
);
CREATE UNIQUE INDEX IF NOT EXISTS ix_ipprefix_prefix ON ipprefix (prefix);

CREATE TABLE IF NOT EXISTS usagelog_analysis (
	id            bigserial PRIMARY KEY,
	usagelog_id   bigint NOT NULL REFERENCES usagelog (id),
	utc_analysed  timestamp,
	prefix_id     integer REFERENCES ipprefix (id),
	asn           integer,
	uri_score     integer,
	agent_score   integer,
	referer_score integer,
	total_score   integer
);
CREATE INDEX IF NOT EXISTS ix_usagelog_analysis_asn ON usagelog_analysis (asn);
CREATE INDEX IF NOT EXISTS ix_usagelog_analysis_prefix_id ON usagelog_analysis (prefix_id);
CREATE INDEX IF NOT EXISTS ix_usagelog_analysis_usagelog_id ON usagelog_analysis (usagelog_id);
CREATE INDEX IF NOT EXISTS ix_qametriciq_qareport_id ON qametriciq (qareport_id);
CREATE INDEX IF NOT EXISTS ix_qametricpe_qareport_id ON qametricpe (qareport_id);
CREATE INDEX IF NOT EXISTS ix_qametricsb_qareport_id ON qametricsb (qareport_id);
CREATE INDEX IF NOT EXISTS ix_qametriczp_qareport_id ON qametriczp (qareport_id);

-- The numbers of processes and of rows of the queue have long been those of others.
ALTER TABLE filedownloadlog ADD COLUMN IF NOT EXISTS inst_team_access boolean;
ALTER TABLE fileuploadlog
	ADD COLUMN IF NOT EXISTS path text,
	DROP COLUMN IF EXISTS ingestqueue_id,
	DROP COLUMN IF EXISTS invoke_pid,
	DROP COLUMN IF EXISTS invoke_status;

-- migrate:down
-- The analysis can be computed again. The other values are lost. calcache and glacier stay: they do no harm.
ALTER TABLE fileuploadlog ADD COLUMN IF NOT EXISTS ingestqueue_id integer;
ALTER TABLE fileuploadlog ADD COLUMN IF NOT EXISTS invoke_pid integer;
ALTER TABLE fileuploadlog ADD COLUMN IF NOT EXISTS invoke_status integer;
ALTER TABLE fileuploadlog DROP COLUMN IF EXISTS path;
ALTER TABLE filedownloadlog DROP COLUMN IF EXISTS inst_team_access;
DROP INDEX IF EXISTS
	ix_qametriciq_qareport_id, ix_qametricpe_qareport_id, ix_qametricsb_qareport_id, ix_qametriczp_qareport_id;
DROP TABLE IF EXISTS usagelog_analysis;
DROP TABLE IF EXISTS ipprefix;
ALTER TABLE users
	DROP COLUMN IF EXISTS noirlab_id,
	DROP COLUMN IF EXISTS instrument_team,
	DROP COLUMN IF EXISTS last_login,
	DROP COLUMN IF EXISTS last_login_by;
ALTER TABLE users RENAME COLUMN gemini_staff TO staff;
