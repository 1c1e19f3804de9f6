-- A file can be queued for export at a later time.

-- migrate:up
ALTER TABLE exportqueue ADD COLUMN IF NOT EXISTS after timestamp;

-- migrate:down
ALTER TABLE exportqueue DROP COLUMN IF EXISTS after;
