-- Papers that used the archive's data, and which programs they used, so that a program's page can list its papers.

-- migrate:up
CREATE TABLE IF NOT EXISTS publication (
	id             serial PRIMARY KEY,
	bibcode        varchar(20),
	author         text,
	title          text,
	year           integer,
	journal        text,
	telescope      varchar(5),
	instrument     varchar(50),
	country        varchar(20),
	wavelength     varchar(20),
	mode           varchar(20),
	gstaff         boolean,
	gsa            boolean,
	golden         boolean,
	too            varchar(10),
	partner        varchar(35),
	last_refreshed timestamp DEFAULT now()
);
CREATE INDEX IF NOT EXISTS ix_publication_bibcode ON publication (bibcode);

CREATE TABLE IF NOT EXISTS programpublication (
	id              serial PRIMARY KEY,
	prog_id         integer NOT NULL,
	pub_id          integer NOT NULL,
	program_text_id text NOT NULL,
	bibcode         varchar(20) NOT NULL,
	CONSTRAINT programpublication_unique UNIQUE (prog_id, pub_id)
);
CREATE INDEX IF NOT EXISTS ix_programpublication_bibcode ON programpublication (bibcode);
CREATE INDEX IF NOT EXISTS ix_programpublication_prog_id ON programpublication (prog_id);
CREATE INDEX IF NOT EXISTS ix_programpublication_program_text_id ON programpublication (program_text_id);
CREATE INDEX IF NOT EXISTS ix_programpublication_pub_id ON programpublication (pub_id);

-- migrate:down
DROP TABLE IF EXISTS programpublication;
DROP TABLE IF EXISTS publication;
