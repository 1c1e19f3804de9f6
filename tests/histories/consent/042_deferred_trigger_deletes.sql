-- loses: table lone

-- migrate:up
INSERT INTO deferred VALUES (1);

-- migrate:down
-- Nothing.
