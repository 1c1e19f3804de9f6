-- What a reduced file was made from, and by which steps, as the pipeline wrote it into the file.

-- migrate:up
CREATE TABLE IF NOT EXISTS provenance (
	id          serial PRIMARY KEY,
	timestamp   timestamp,
	filename    varchar(128),
	md5         text,
	primitive   varchar(128),
	diskfile_id integer REFERENCES diskfile (id)
);

CREATE TABLE IF NOT EXISTS provenance_history (
	id              serial PRIMARY KEY,
	timestamp_start timestamp,
	timestamp_end   timestamp,
	primitive       varchar(128),
	args            text,
	diskfile_id     integer REFERENCES diskfile (id)
);

-- migrate:down
DROP TABLE IF EXISTS provenance_history;
DROP TABLE IF EXISTS provenance;
