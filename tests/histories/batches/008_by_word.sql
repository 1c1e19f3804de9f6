-- A key that has no next one.

-- migrate:up transaction:false
-- migrate:batch table=loose key=word
UPDATE loose SET n = n + 1 WHERE word >= $1 AND word < $2;

-- migrate:down
-- Nothing: it was a count.
