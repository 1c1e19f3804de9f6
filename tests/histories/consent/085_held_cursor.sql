-- loses: cursor WITH HOLD

-- migrate:up
DECLARE held CURSOR WITH HOLD FOR SELECT purge();

-- migrate:down
-- Nothing.
