-- Repeatable in both directions, so an incomplete run can be reverted.

-- migrate:up transaction:false
-- migrate:batch table=counted key=id rows=100
UPDATE counted SET n = 7 WHERE id >= $1 AND id < $2 AND n = 1;

-- migrate:down transaction:false
-- migrate:batch table=counted key=id rows=100
UPDATE counted SET n = 1 WHERE id >= $1 AND id < $2 AND n = 7;
