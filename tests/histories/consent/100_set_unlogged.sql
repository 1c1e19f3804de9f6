-- loses: table lone becomes unlogged

-- migrate:up
ALTER TABLE lone SET UNLOGGED;

-- migrate:down
-- Nothing.
