-- Every DELETE in header reads all of preview from here on. The constraint itself is not validated yet.

-- migrate:up
ALTER TABLE preview ADD CONSTRAINT preview_header_id_fkey
	FOREIGN KEY (header_id) REFERENCES header (id) NOT VALID;

-- migrate:down
-- Nothing: the tests drop the database.
