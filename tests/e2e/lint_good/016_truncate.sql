-- The queue is emptied a part at a time.
-- lint:allow unbatched-rows: each is a thousand rows at most, and a transaction of its own

-- migrate:up transaction:false
DELETE FROM previewqueue WHERE id < 1000;
DELETE FROM previewqueue WHERE id >= 1000 AND id < 2000;
DELETE FROM previewqueue WHERE id >= 2000 AND id < 3000;

-- migrate:down
-- Nothing: the tests drop the database.
