-- Rows go.

-- migrate:up
ALTER TABLE kept ADD COLUMN first text;

-- migrate:down
-- For a test that interrupts it, and has made that table.
SELECT pg_catalog.pg_sleep(60) WHERE to_regclass('public.slow') IS NOT NULL;
DELETE FROM deleted WHERE id > 1;
TRUNCATE truncated;
ALTER TABLE kept DROP COLUMN first;
