-- loses: table parted_1, table parted_2

-- migrate:up
TRUNCATE parted;

-- migrate:down
-- Nothing.
