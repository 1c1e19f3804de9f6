-- A key without an index.

-- migrate:up transaction:false
-- migrate:batch table=loose key=id
UPDATE loose SET n = n + 1 WHERE id >= $1 AND id < $2;

-- migrate:down
-- Nothing: it was a count.
