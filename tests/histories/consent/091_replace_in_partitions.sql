-- loses: table parted_1

-- migrate:up
SELECT replace_rows();

-- migrate:down
-- Nothing.
