-- keeps: everything

-- migrate:up transaction:false
-- migrate:batch table=lone key=id rows=10
UPDATE lone SET a = NULL WHERE id >= $1 AND id < $2;

-- migrate:down
-- Nothing.
