-- loses: table parted_1

-- migrate:up
DROP TABLE parted_1;

-- migrate:down
-- Nothing.
