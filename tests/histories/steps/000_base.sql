-- A table that each of the following changes, so that whoever holds it is in their way.

-- migrate:up
CREATE TABLE base (id integer PRIMARY KEY);

-- migrate:down
-- Nothing: this is where the history begins.
