-- keeps: everything

-- migrate:up transaction:false
LOCK TABLE more;
DROP TABLE IF EXISTS late;

-- migrate:down
-- Nothing.
