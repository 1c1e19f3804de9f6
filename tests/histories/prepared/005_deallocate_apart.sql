-- That shows only in what comes after it.

-- migrate:up transaction:false
DEALLOCATE ALL;

-- migrate:down
-- Nothing was done.
