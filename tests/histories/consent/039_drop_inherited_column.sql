-- loses: column x of table heir

-- migrate:up
ALTER TABLE ancestor DROP x;

-- migrate:down
-- Nothing.
