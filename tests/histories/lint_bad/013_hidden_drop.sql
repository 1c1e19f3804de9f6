-- The down drops a table and a column in one block.

-- migrate:up
ALTER TABLE header ADD COLUMN IF NOT EXISTS raw_site text;
CREATE TABLE site (name text CONSTRAINT site_pkey PRIMARY KEY);

-- migrate:down
DO $$
BEGIN
	DROP TABLE IF EXISTS site;
	ALTER TABLE header DROP COLUMN IF EXISTS raw_site;
END
$$;
