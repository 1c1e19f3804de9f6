-- No release uses the old name any more.

-- migrate:up
-- lint:allow drop-or-rename: the last release that read it was retired with the one before this
ALTER TABLE header DROP COLUMN filter_name;

-- migrate:down
-- Nothing: the tests drop the database.
