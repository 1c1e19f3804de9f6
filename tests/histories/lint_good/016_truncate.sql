-- The queue is emptied a part at a time.

-- migrate:up transaction:false
-- migrate:batch table=previewqueue key=id rows=1000
DELETE FROM previewqueue WHERE id >= $1 AND id < $2;

-- migrate:down
-- Nothing: the tests drop the database.
