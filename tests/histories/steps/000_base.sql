-- A table that each migration changes, so a lock on it blocks them.

-- migrate:up
CREATE TABLE base (id integer PRIMARY KEY);

-- migrate:down
-- Nothing: this is where the history begins.
