-- loses: column a of table lone

-- migrate:up
DROP VIEW v;
ALTER TABLE lone RENAME a TO b;
ALTER TABLE lone DROP b;

-- migrate:down
-- Nothing.
