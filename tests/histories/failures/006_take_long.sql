-- Long enough to be interrupted.

-- migrate:up
CREATE TABLE slow (id integer);
SELECT pg_sleep(600);

-- migrate:down
DROP TABLE slow;
