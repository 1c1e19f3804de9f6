-- Only the statements after it are affected.

-- migrate:up transaction:false
DEALLOCATE ALL;

-- migrate:down
-- Nothing was done.
