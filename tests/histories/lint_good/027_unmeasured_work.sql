-- Previews are queued a part at a time.

-- migrate:up transaction:false
-- migrate:batch table=preview key=id rows=1000
INSERT INTO previewqueue (filename, priority)
SELECT filename, 1 FROM preview p WHERE id >= $1 AND id < $2
   AND NOT EXISTS (SELECT FROM previewqueue q WHERE q.filename = p.filename);

-- migrate:down
-- Nothing: the tests drop the database.
