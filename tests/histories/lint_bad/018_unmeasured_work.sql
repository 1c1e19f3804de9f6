-- How long the loop takes depends on the number of previews.

-- migrate:up
DO $$
DECLARE
	r record;
BEGIN
	FOR r IN SELECT filename FROM preview LOOP
		INSERT INTO previewqueue (filename, priority) VALUES (r.filename, 1);
	END LOOP;
END
$$;

-- migrate:down
-- Nothing: the tests drop the database.
