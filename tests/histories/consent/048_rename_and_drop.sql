-- loses: table lone

-- migrate:up
ALTER TABLE lone RENAME TO other_name;
DROP TABLE other_name CASCADE;

-- migrate:down
-- Nothing.
