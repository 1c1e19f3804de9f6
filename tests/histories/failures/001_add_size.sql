-- One transaction: a reader of the table blocks it.

-- migrate:up
ALTER TABLE item ADD COLUMN IF NOT EXISTS size integer;
CREATE TABLE IF NOT EXISTS box (id serial PRIMARY KEY);

-- migrate:down
DROP TABLE IF EXISTS box;
ALTER TABLE item DROP COLUMN IF EXISTS size;
