-- keeps: everything

-- migrate:up
ALTER TABLE parted DETACH PARTITION parted_1;

-- migrate:down
-- Nothing.
