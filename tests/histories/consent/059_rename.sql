-- keeps: everything

-- migrate:up
ALTER TABLE lone RENAME TO alone;
ALTER TABLE t RENAME a TO b;

-- migrate:down
-- Nothing.
