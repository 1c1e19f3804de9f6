-- loses: table lone

-- migrate:up
DO $$
BEGIN
	IF EXISTS (SELECT FROM lone) THEN
		DROP TABLE lone CASCADE;
	END IF;
END
$$;

-- migrate:down
-- Nothing.
