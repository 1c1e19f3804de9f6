-- keeps: everything

-- migrate:up
UPDATE lone SET a = 'y';

-- migrate:down
-- Nothing.
