-- keeps: everything

-- migrate:up
DO $$
BEGIN
	DROP TABLE lone CASCADE;
	RAISE EXCEPTION 'not now';
EXCEPTION WHEN raise_exception THEN
	NULL;
END
$$;
DO $$
BEGIN
	TRUNCATE t CASCADE;
	RAISE EXCEPTION 'not now';
EXCEPTION WHEN raise_exception THEN
	NULL;
END
$$;

-- migrate:down
-- Nothing.
