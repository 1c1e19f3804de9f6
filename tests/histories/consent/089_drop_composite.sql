-- loses: column p of table placed, column many of table placed

-- migrate:up
DROP TYPE place CASCADE;

-- migrate:down
-- Nothing.
