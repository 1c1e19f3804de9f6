-- A table that does not exist.

-- migrate:up transaction:false
-- migrate:batch table=nowhere key=id
UPDATE loose SET n = n + 1 WHERE id >= $1 AND id < $2;

-- migrate:down
-- Nothing: it was a count.
