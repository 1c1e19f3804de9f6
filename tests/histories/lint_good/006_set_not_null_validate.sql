-- Old rows are looked at beside readers and writers.

-- migrate:up
ALTER TABLE header VALIDATE CONSTRAINT header_object_not_null;

-- migrate:down
-- Nothing: the tests drop the database.
