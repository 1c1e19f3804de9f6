-- Rows that change meanwhile are not checked.

-- migrate:up
ALTER TABLE preview DISABLE TRIGGER preview_unchanged;

-- migrate:down
-- Nothing: the tests drop the database.
