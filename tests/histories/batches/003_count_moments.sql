-- A key that many rows share, of a type whose text depends on settings.

-- migrate:up transaction:false
-- migrate:batch table=moment key=at rows=10
UPDATE moment SET n = n + 1 WHERE at >= $1 AND at < $2;

-- migrate:down
-- Nothing: it was a count.
