-- One transaction between those in single statements. It cannot be run twice.

-- migrate:up
CREATE TABLE c (id integer);

-- migrate:down
DROP TABLE c;
