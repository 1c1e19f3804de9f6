-- loses: table lone

-- migrate:up
DO $$
BEGIN
	BEGIN
		DELETE FROM lone WHERE id < 3;
	EXCEPTION WHEN OTHERS THEN
		RAISE;
	END;
END
$$;

-- migrate:down
-- Nothing.
