-- loses (11): it commits by itself

-- migrate:up transaction:false
CALL purge_and_commit();

-- migrate:down
-- Nothing.
