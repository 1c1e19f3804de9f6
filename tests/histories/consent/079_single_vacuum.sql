-- keeps: everything

-- migrate:up transaction:false
VACUUM lone;
ANALYZE lone;

-- migrate:down
-- Nothing.
