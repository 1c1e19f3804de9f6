-- keeps: everything

-- migrate:up
ALTER TABLE t DROP unused;
ALTER TABLE empty DROP a;

-- migrate:down
-- Nothing.
