-- A part at a time. Rows that are there already stay.

-- migrate:up transaction:false
-- migrate:batch table=header key=id rows=1000
INSERT INTO objectname
SELECT id, object FROM header WHERE id >= $1 AND id < $2
ON CONFLICT DO NOTHING;

-- migrate:down
-- Nothing: the tests drop the database.
