-- keeps (11): everything

-- migrate:up
UPDATE parted SET k = 2 WHERE k = 1;

-- migrate:down
-- Nothing.
