-- loses: table lone

-- migrate:up
UPDATE ruled SET id = 2;

-- migrate:down
-- Nothing.
