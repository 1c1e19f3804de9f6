-- loses: table lone

-- migrate:up
INSERT INTO trap VALUES (1);

-- migrate:down
-- Nothing.
