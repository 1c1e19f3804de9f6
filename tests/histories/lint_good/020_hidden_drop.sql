-- A statement for each object.

-- migrate:up
ALTER TABLE header ADD COLUMN IF NOT EXISTS raw_site text;
CREATE TABLE site (name text CONSTRAINT site_pkey PRIMARY KEY);

-- migrate:down
DROP TABLE IF EXISTS site;
ALTER TABLE header DROP COLUMN IF EXISTS raw_site;
