-- loses: column v of table parted_1, column v of table parted_2

-- migrate:up
ALTER TABLE parted DROP v;

-- migrate:down
-- Nothing.
