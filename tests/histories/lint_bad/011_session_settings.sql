-- The migrations after this one have its timeout as well, where the session is not put back.

-- migrate:up
SET statement_timeout = '1min';
ALTER TABLE preview ADD COLUMN caption text;

-- migrate:down
-- Nothing: the tests drop the database.
