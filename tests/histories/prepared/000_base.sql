-- A table that each migration changes, so that none can be run twice.

-- migrate:up
CREATE TABLE base (id integer);

-- migrate:down
-- Nothing: this is where the history begins.
