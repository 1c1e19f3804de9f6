-- A release of the archive that inserts previews loses them without an error.

-- migrate:up
CREATE RULE preview_closed AS ON INSERT TO preview DO INSTEAD NOTHING;

-- migrate:down
-- Nothing: the tests drop the database.
