-- The setting ends with the transaction.

-- migrate:up
SET LOCAL statement_timeout = '1min';
ALTER TABLE preview ADD COLUMN caption text;

-- migrate:down
-- Nothing: the tests drop the database.
