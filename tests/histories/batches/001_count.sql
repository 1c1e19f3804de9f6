-- Not repeatable: a row that is changed twice, or not at all, is noticed.

-- migrate:up transaction:false
-- migrate:batch table=counted key=id rows=100
UPDATE counted SET n = n + 1 WHERE id >= $1 AND id < $2;

-- migrate:down transaction:false
-- migrate:batch table=counted key=id rows=70
UPDATE counted SET n = n - 1 WHERE id >= $1 AND id < $2;
