-- Old rows are checked in the next migration.

-- migrate:up
ALTER TABLE preview ADD CONSTRAINT preview_header_id_fkey
	FOREIGN KEY (header_id) REFERENCES header (id) NOT VALID;

-- migrate:down
-- Nothing: the tests drop the database.
