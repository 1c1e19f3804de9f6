-- A release of the archive that does not know the column cannot queue previews. rows/017.sql: the queue is empty.

-- migrate:up
ALTER TABLE previewqueue ADD COLUMN priority integer NOT NULL;

-- migrate:down
-- Nothing: the tests drop the database.
