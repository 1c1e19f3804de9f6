-- Nobody reads previewqueue until the commit, and then its rows are gone for older snapshots too.

-- migrate:up
TRUNCATE previewqueue;

-- migrate:down
-- Nothing: the tests drop the database.
