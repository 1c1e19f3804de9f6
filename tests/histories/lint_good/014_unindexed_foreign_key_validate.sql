-- Old rows are checked beside readers and writers.

-- migrate:up
ALTER TABLE preview VALIDATE CONSTRAINT preview_header_id_fkey;

-- migrate:down
-- Nothing: the tests drop the database.
