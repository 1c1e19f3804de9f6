-- What is recorded of it is prepared on this occasion.

-- migrate:up
ALTER TABLE base ADD COLUMN a integer;

-- migrate:down
ALTER TABLE base DROP COLUMN a;
