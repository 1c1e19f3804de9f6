-- loses: cursor WITH HOLD

-- migrate:up transaction:false
DECLARE held CURSOR WITH HOLD FOR SELECT purge();

-- migrate:down
-- Nothing.
