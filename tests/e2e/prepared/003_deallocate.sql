-- Nothing of it is prepared any longer when the version is recorded.

-- migrate:up
ALTER TABLE base ADD COLUMN c integer;
DEALLOCATE ALL;

-- migrate:down
ALTER TABLE base DROP COLUMN c;
DEALLOCATE ALL;
