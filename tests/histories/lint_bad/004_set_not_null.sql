-- Nobody reads header until every row was looked at.

-- migrate:up
ALTER TABLE header ALTER COLUMN object SET NOT NULL;

-- migrate:down
-- Nothing: the tests drop the database.
