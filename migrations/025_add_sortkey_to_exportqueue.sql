-- Files are exported in the order of a sort key, as they are ingested. Those that wait already get one from the name.

-- migrate:up
ALTER TABLE exportqueue ADD COLUMN IF NOT EXISTS sortkey text;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL;

-- migrate:down
ALTER TABLE exportqueue DROP COLUMN IF EXISTS sortkey;
