-- Not in a transaction, and long enough to be interrupted in its first statement.

-- migrate:up transaction:false
SELECT pg_sleep(600);

-- migrate:down
-- Nothing was done.
