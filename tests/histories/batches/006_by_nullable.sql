-- A key that may be null.

-- migrate:up transaction:false
-- migrate:batch table=loose key=at
UPDATE loose SET n = n + 1 WHERE at >= $1 AND at < $2;

-- migrate:down
-- Nothing: it was a count.
