-- One transaction writes as many rows as header has.

-- migrate:up
CREATE TABLE objectname (header_id integer PRIMARY KEY, object text);
INSERT INTO objectname SELECT id, object FROM header;

-- migrate:down
-- Nothing: the tests drop the database.
