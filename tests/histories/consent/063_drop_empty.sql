-- keeps: everything

-- migrate:up
DROP TABLE empty;
DROP TABLE more;

-- migrate:down
-- Nothing.
