-- loses: table heir

-- migrate:up
DROP TABLE ancestor CASCADE;

-- migrate:down
-- Nothing.
