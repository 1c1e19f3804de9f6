-- Nothing of it is prepared any longer when the version is recorded. For the up, that cannot be seen in the text.

-- migrate:up
ALTER TABLE base ADD COLUMN c integer;
DO $$ BEGIN EXECUTE 'DEALLO' || 'CATE ALL'; END $$;

-- migrate:down
ALTER TABLE base DROP COLUMN c;
DEALLOCATE ALL;
