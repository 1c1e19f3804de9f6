-- Old rows are looked at beside readers and writers.

-- migrate:up
ALTER TABLE header VALIDATE CONSTRAINT header_object_present;

-- migrate:down
-- Nothing: the tests drop the database.
