-- keeps: everything

-- migrate:up transaction:false
DO $$
BEGIN
	LOCK TABLE more;
	DROP TABLE IF EXISTS late;
END
$$;

-- migrate:down
-- Nothing.
