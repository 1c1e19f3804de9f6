-- loses: table parted_2

-- migrate:up
ALTER TABLE parted DETACH PARTITION parted_2;
DROP TABLE parted_2;

-- migrate:down
-- Nothing.
