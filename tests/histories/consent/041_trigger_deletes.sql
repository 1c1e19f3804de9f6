-- loses: table lone

-- migrate:up
INSERT INTO triggered VALUES (1);

-- migrate:down
-- Nothing.
