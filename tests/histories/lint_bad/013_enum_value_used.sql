-- The last one here, since it fails: with 55P04 from PostgreSQL 12 on, and before that with 25001, as ADD VALUE cannot
-- be in a transaction there. EXECUTE hides it from the generator, which would refuse it.

-- migrate:up
DO $$
BEGIN
	EXECUTE $sql$ALTER TYPE obstype ADD VALUE IF NOT EXISTS 'BPM'$sql$;
END
$$;
INSERT INTO obslabel VALUES ('BPM', 'A bad pixel mask') ON CONFLICT DO NOTHING;

-- migrate:down
-- Nothing: the tests drop the database.
