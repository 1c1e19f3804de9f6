-- A small archive for tests of failures.

-- migrate:up
CREATE TYPE colour AS ENUM ('red');
CREATE TABLE item (id serial PRIMARY KEY, name text, weight integer);
INSERT INTO item (name) VALUES ('one'), ('two'), ('three');

-- migrate:down
-- The base stays.
