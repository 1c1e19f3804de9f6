-- A table that each of the following changes, so that none can be run twice.

-- migrate:up
CREATE TABLE base (id integer);

-- migrate:down
-- Nothing: this is where the history begins.
