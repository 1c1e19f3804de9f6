-- Reading alone keeps nobody waiting.

-- migrate:up
DO $$
BEGIN
	IF (SELECT count(*) FROM header WHERE exposure_time < 0) > 0 THEN
		RAISE EXCEPTION 'there are negative exposure times';
	END IF;
END
$$;

-- migrate:down
-- Nothing: the tests drop the database.
