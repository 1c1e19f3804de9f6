-- Writers of header wait until all of it has been counted.

-- migrate:up
CREATE TRIGGER header_unchanged BEFORE UPDATE ON header
	FOR EACH ROW EXECUTE PROCEDURE suppress_redundant_updates_trigger();
DO $$
BEGIN
	IF (SELECT count(*) FROM header WHERE exposure_time < 0) > 0 THEN
		RAISE EXCEPTION 'there are negative exposure times';
	END IF;
END
$$;

-- migrate:down
-- Nothing: the tests drop the database.
