-- The real table must get it.

-- migrate:up
ALTER TABLE base ADD COLUMN real_one integer;

-- migrate:down
ALTER TABLE base DROP COLUMN real_one;
