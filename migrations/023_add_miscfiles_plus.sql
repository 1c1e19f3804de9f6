-- Miscellaneous files can lie in folders, and the folders in collections that belong to several users.

-- migrate:up
CREATE TABLE IF NOT EXISTS miscfile_collection (
	id          serial PRIMARY KEY,
	name        text,
	description text,
	program_id  text
);
CREATE INDEX IF NOT EXISTS ix_miscfile_collection_description ON miscfile_collection (description);
CREATE INDEX IF NOT EXISTS ix_miscfile_collection_name ON miscfile_collection (name);
CREATE INDEX IF NOT EXISTS ix_miscfile_collection_program_id ON miscfile_collection (program_id);

CREATE TABLE IF NOT EXISTS miscfile_collection_users (
	collection_id integer REFERENCES miscfile_collection (id),
	user_id       integer REFERENCES archiveuser (id)
);

CREATE TABLE IF NOT EXISTS miscfile_folder (
	id            serial PRIMARY KEY,
	name          text,
	folder_id     integer REFERENCES miscfile_folder (id),
	collection_id integer REFERENCES miscfile_collection (id),
	release       timestamp NOT NULL,
	description   text,
	program_id    text
);
CREATE INDEX IF NOT EXISTS ix_miscfile_folder_collection_id ON miscfile_folder (collection_id);
CREATE INDEX IF NOT EXISTS ix_miscfile_folder_folder_id ON miscfile_folder (folder_id);
CREATE INDEX IF NOT EXISTS ix_miscfile_folder_name ON miscfile_folder (name);
CREATE INDEX IF NOT EXISTS ix_miscfile_folder_program_id ON miscfile_folder (program_id);

CREATE TABLE IF NOT EXISTS miscfile_plus (
	id            serial PRIMARY KEY,
	folder_id     integer REFERENCES miscfile_folder (id),
	collection_id integer REFERENCES miscfile_collection (id),
	release       timestamp NOT NULL,
	description   text,
	program_id    text,
	filename      text,
	size          integer,
	last_modified timestamp
);
CREATE INDEX IF NOT EXISTS ix_miscfile_plus_collection_id ON miscfile_plus (collection_id);
CREATE INDEX IF NOT EXISTS ix_miscfile_plus_filename ON miscfile_plus (filename);
CREATE INDEX IF NOT EXISTS ix_miscfile_plus_folder_id ON miscfile_plus (folder_id);
CREATE INDEX IF NOT EXISTS ix_miscfile_plus_last_modified ON miscfile_plus (last_modified);
CREATE INDEX IF NOT EXISTS ix_miscfile_plus_program_id ON miscfile_plus (program_id);
CREATE INDEX IF NOT EXISTS ix_miscfile_plus_size ON miscfile_plus (size);

-- migrate:down
DROP TABLE IF EXISTS miscfile_plus;
DROP TABLE IF EXISTS miscfile_folder;
DROP TABLE IF EXISTS miscfile_collection_users;
DROP TABLE IF EXISTS miscfile_collection;
