-- From PostgreSQL 12 on the constraint is proof enough, and nothing is read. Then it has done its work.

-- migrate:up
ALTER TABLE header ALTER COLUMN object SET NOT NULL;
ALTER TABLE header DROP CONSTRAINT header_object_present;

-- migrate:down
-- Nothing: the tests drop the database.
