-- loses: table lone

-- migrate:up
DO $$
DECLARE
	row record;
BEGIN
	FOR row IN SELECT id FROM lone LOOP
		DELETE FROM lone WHERE id = row.id;
	END LOOP;
END
$$;

-- migrate:down
-- Nothing.
