-- Releases that do not know the column leave it to the default.

-- migrate:up
ALTER TABLE previewqueue ADD COLUMN priority integer;
ALTER TABLE previewqueue ALTER COLUMN priority SET DEFAULT 0;

-- migrate:down
-- Nothing: the tests drop the database.
