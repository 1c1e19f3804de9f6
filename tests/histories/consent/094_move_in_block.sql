-- keeps (11): everything

-- migrate:up
DO $$
BEGIN
	UPDATE parted SET k = 2 WHERE k = 1;
END
$$;
WITH moved AS (UPDATE ONLY parted AS p SET k = 1 WHERE k = 2 RETURNING id) SELECT count(*) FROM moved;

-- migrate:down
-- Nothing.
