-- keeps: everything

-- migrate:up
ALTER TABLE lone SET SCHEMA other;

-- migrate:down
-- Nothing.
