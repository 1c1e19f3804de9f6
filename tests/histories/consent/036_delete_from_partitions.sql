-- loses: table parted_1

-- migrate:up
DELETE FROM parted WHERE k = 1;

-- migrate:down
-- Nothing.
