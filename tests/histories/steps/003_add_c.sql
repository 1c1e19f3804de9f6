-- One transaction between non-transactional migrations. It cannot be run twice.

-- migrate:up
CREATE TABLE c (id integer);

-- migrate:down
DROP TABLE c;
