-- Keys of eight bytes, far apart.

-- migrate:up transaction:false
-- migrate:batch table=public.large key=id rows=50
UPDATE large SET n = n + 1 WHERE id >= $1 AND id < $2;

-- migrate:down transaction:false
-- Nothing: it was a count.
