-- loses (11): table parted_1

-- migrate:up
UPDATE parted SET k = 2 WHERE id = 1;
DELETE FROM parted WHERE id = 2;

-- migrate:down
-- Nothing.
