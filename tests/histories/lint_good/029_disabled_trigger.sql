-- The trigger sees the rows, a part at a time.

-- migrate:up transaction:false
-- migrate:batch table=preview key=id rows=1000
UPDATE preview SET size_bytes = size
 WHERE size_bytes IS NULL AND size IS NOT NULL AND id >= $1 AND id < $2;

-- migrate:down
-- Nothing: the tests drop the database.
