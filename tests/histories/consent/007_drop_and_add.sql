-- loses: column a of table lone

-- migrate:up
DROP VIEW v;
ALTER TABLE lone DROP a, ADD a text;

-- migrate:down
-- Nothing.
