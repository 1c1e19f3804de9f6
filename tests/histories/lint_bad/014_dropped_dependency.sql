-- A release of the archive that reads the view fails from here on.

-- migrate:up
DROP VIEW bias;

-- migrate:down
-- Nothing: the tests drop the database.
