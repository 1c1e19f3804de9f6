-- The new name is a new column; releases that know only the old one go on.

-- migrate:up
ALTER TABLE header ADD COLUMN filter text;

-- migrate:down
-- Nothing: the tests drop the database.
