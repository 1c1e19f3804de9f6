-- Several statements, some of them batched.

-- migrate:up transaction:false
CREATE TABLE IF NOT EXISTS copied (id integer PRIMARY KEY, n integer);

-- migrate:batch table=counted key=id rows=100
INSERT INTO copied (id, n) SELECT id, n FROM counted WHERE id >= $1 AND id < $2 ON CONFLICT DO NOTHING;

-- migrate:batch table=copied key=id rows=100
DELETE FROM copied WHERE id >= $1 AND id < $2 AND id % 2 = 0;

-- migrate:down transaction:false
DROP TABLE IF EXISTS copied;
