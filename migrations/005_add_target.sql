-- Planets and the Moon move, so a search by their coordinates finds nothing: these tables say which images show them,
-- and which images were already looked at.

-- migrate:up
CREATE TABLE IF NOT EXISTS target (
	id             serial PRIMARY KEY,
	name           varchar(32) NOT NULL,
	ephemeris_name varchar(32)
);
CREATE UNIQUE INDEX IF NOT EXISTS ix_target_ephemeris_name ON target (ephemeris_name);
CREATE UNIQUE INDEX IF NOT EXISTS ix_target_name ON target (name);

CREATE TABLE IF NOT EXISTS target_presence (
	id          serial PRIMARY KEY,
	target_name varchar(32) NOT NULL REFERENCES target (name),
	diskfile_id integer NOT NULL REFERENCES diskfile (id)
);
CREATE INDEX IF NOT EXISTS ix_target_presence_diskfile_id ON target_presence (diskfile_id);
CREATE INDEX IF NOT EXISTS ix_target_presence_target_name ON target_presence (target_name);

CREATE TABLE IF NOT EXISTS targets_checked (
	id           serial PRIMARY KEY,
	diskfile_id  integer NOT NULL REFERENCES diskfile (id),
	date_checked timestamp
);
CREATE INDEX IF NOT EXISTS ix_targets_checked_date_checked ON targets_checked (date_checked);
CREATE UNIQUE INDEX IF NOT EXISTS ix_targets_checked_diskfile_id ON targets_checked (diskfile_id);

CREATE TABLE IF NOT EXISTS targetqueue (
	id          serial PRIMARY KEY,
	diskfile_id integer NOT NULL REFERENCES diskfile (id),
	inprogress  boolean,
	failed      boolean,
	added       timestamp,
	force       boolean,
	after       timestamp,
	sortkey     text,
	UNIQUE (diskfile_id, inprogress, failed)
);
CREATE INDEX IF NOT EXISTS ix_targetqueue_diskfile_id ON targetqueue (diskfile_id);
CREATE INDEX IF NOT EXISTS ix_targetqueue_inprogress ON targetqueue (inprogress);
CREATE INDEX IF NOT EXISTS ix_targetqueue_sortkey ON targetqueue (sortkey);

INSERT INTO target (name, ephemeris_name)
VALUES
	('Mercury', 'mercury'),
	('Venus', 'venus'),
	('Moon', 'moon'),
	('Mars', 'mars'),
	('Jupiter', 'jupiter'),
	('Saturn', 'saturn'),
	('Uranus', 'uranus'),
	('Neptune', 'neptune'),
	('Pluto', 'pluto')
ON CONFLICT DO NOTHING;

-- migrate:down
DROP TABLE IF EXISTS targetqueue;
DROP TABLE IF EXISTS targets_checked;
DROP TABLE IF EXISTS target_presence;
DROP TABLE IF EXISTS target;
