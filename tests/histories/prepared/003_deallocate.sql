-- No statement is prepared when the version is recorded. In the up section the text does not show it.

-- migrate:up
ALTER TABLE base ADD COLUMN c integer;
DO $$ BEGIN EXECUTE 'DEALLO' || 'CATE ALL'; END $$;

-- migrate:down
ALTER TABLE base DROP COLUMN c;
DEALLOCATE ALL;
