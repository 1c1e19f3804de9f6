-- A new table, which the next migration fills.

-- migrate:up
CREATE TABLE objectname (header_id integer PRIMARY KEY, object text);

-- migrate:down
-- Nothing: the tests drop the database.
