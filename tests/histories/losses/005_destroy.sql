-- An up migration that destroys data.

-- migrate:up
DROP TABLE parent CASCADE;

-- migrate:down
CREATE TABLE parent (id integer PRIMARY KEY);
