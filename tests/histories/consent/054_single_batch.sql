-- loses: table lone

-- migrate:up transaction:false
-- migrate:batch table=lone key=id rows=10
DELETE FROM lone WHERE id >= $1 AND id < $2;

-- migrate:down
-- Nothing.
