-- A release of the archive that reads the column fails from here on.

-- migrate:up
ALTER TABLE header DROP COLUMN filter_name;

-- migrate:down
-- Nothing: the tests drop the database.
