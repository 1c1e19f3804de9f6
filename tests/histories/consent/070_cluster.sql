-- keeps: everything

-- migrate:up
CLUSTER lone USING lone_pkey;

-- migrate:down
-- Nothing.
