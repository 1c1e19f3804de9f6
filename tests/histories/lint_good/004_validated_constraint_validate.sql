-- Old rows are checked beside readers and writers.

-- migrate:up
ALTER TABLE header VALIDATE CONSTRAINT header_exposure_time_check;

-- migrate:down
-- Nothing: the tests drop the database.
