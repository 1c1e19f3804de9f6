-- Release 3.0 has a queue for operations on files and one for reductions, and knows more of previews, of files that
-- wait and of GNIRS. QA metrics are looked up by data label.
-- lint:allow create-index: the QA metrics are few, and the archive is down from 40 to 54

-- migrate:up
CREATE INDEX IF NOT EXISTS ix_qametriciq_datalabel ON qametriciq (datalabel);
CREATE INDEX IF NOT EXISTS ix_qametricpe_datalabel ON qametricpe (datalabel);
CREATE INDEX IF NOT EXISTS ix_qametricsb_datalabel ON qametricsb (datalabel);
CREATE INDEX IF NOT EXISTS ix_qametriczp_datalabel ON qametriczp (datalabel);

CREATE TABLE IF NOT EXISTS fileopsqueue (
	id                serial PRIMARY KEY,
	filename          text,
	inprogress        boolean,
	response_required boolean,
	fail_dt           timestamp,
	added             timestamp,
	after             timestamp,
	sortkey           timestamp,
	error             text,
	request           text NOT NULL,
	response          text
);
CREATE INDEX IF NOT EXISTS ix_fileopsqueue_fail_dt ON fileopsqueue (fail_dt);
CREATE INDEX IF NOT EXISTS ix_fileopsqueue_inprogress ON fileopsqueue (inprogress);
CREATE INDEX IF NOT EXISTS ix_fileopsqueue_sortkey ON fileopsqueue (sortkey);

CREATE TABLE IF NOT EXISTS reducequeue (
	id         serial PRIMARY KEY,
	filenames  text[],
	inprogress boolean,
	fail_dt    timestamp,
	added      timestamp,
	sortkey    text,
	filename   text,
	error      text,
	CONSTRAINT reducequeue_filenames_inprogress_fail_dt_key UNIQUE (filenames, inprogress, fail_dt)
);
CREATE INDEX IF NOT EXISTS ix_reducequeue_fail_dt ON reducequeue (fail_dt);
CREATE INDEX IF NOT EXISTS ix_reducequeue_inprogress ON reducequeue (inprogress);
CREATE INDEX IF NOT EXISTS ix_reducequeue_sortkey ON reducequeue (sortkey);
ALTER TABLE ingestqueue ADD COLUMN IF NOT EXISTS no_defer boolean;
ALTER TABLE previewqueue ADD COLUMN IF NOT EXISTS scavengeonly boolean;
ALTER TABLE gnirs
	ADD COLUMN IF NOT EXISTS array_name text,
	ADD COLUMN IF NOT EXISTS prism_motor_steps integer;

-- migrate:down
-- Jobs that wait in the two queues are lost.
DROP INDEX IF EXISTS ix_qametriciq_datalabel, ix_qametricpe_datalabel, ix_qametricsb_datalabel, ix_qametriczp_datalabel;
ALTER TABLE gnirs DROP COLUMN IF EXISTS array_name, DROP COLUMN IF EXISTS prism_motor_steps;
ALTER TABLE previewqueue DROP COLUMN IF EXISTS scavengeonly;
ALTER TABLE ingestqueue DROP COLUMN IF EXISTS no_defer;
DROP TABLE IF EXISTS reducequeue;
DROP TABLE IF EXISTS fileopsqueue;
