-- The key is needed, and its only index.

-- migrate:up transaction:false
-- migrate:batch table=item key=id rows=1000
UPDATE item SET weight = 0 WHERE id >= $1 AND id < $2 AND weight IS NULL;

-- migrate:down
-- Nothing: it is not known which they were.
