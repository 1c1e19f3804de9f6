-- What the examples of docs/lint change.

-- migrate:up
CREATE TYPE obstype AS ENUM ('OBJECT', 'BIAS', 'FLAT');

CREATE TABLE header (
	id               serial PRIMARY KEY,
	observation_type obstype,
	object           text,
	filter_name      text,
	exposure_time    integer
);

CREATE TABLE preview (
	id        serial PRIMARY KEY,
	header_id integer,
	filename  text,
	size      integer,
	width     integer
);

CREATE TABLE previewqueue (
	id       serial PRIMARY KEY,
	filename text
);

CREATE TABLE obslabel (
	observation_type obstype PRIMARY KEY,
	label            text NOT NULL
);

CREATE VIEW bias AS SELECT id, object FROM header WHERE observation_type = 'BIAS';
CREATE TRIGGER preview_unchanged BEFORE UPDATE ON preview
	FOR EACH ROW EXECUTE PROCEDURE suppress_redundant_updates_trigger();

INSERT INTO header (observation_type, object, filter_name, exposure_time)
SELECT 'OBJECT', 'NGC ' || n, 'r', n FROM generate_series(1, 2000) n;
INSERT INTO preview (header_id, filename, size, width)
SELECT n, n || '.jpg', n, n FROM generate_series(1, 2000) n;
INSERT INTO previewqueue (filename)
SELECT n || '.jpg' FROM generate_series(1, 2000) n;
INSERT INTO obslabel VALUES ('OBJECT', 'An object on the sky');

-- In a CREATE TABLE it would count as validated.
ALTER TABLE preview ADD CONSTRAINT preview_width_check CHECK (width > 0) NOT VALID;

-- migrate:down
-- Nothing: the tests drop the database.
