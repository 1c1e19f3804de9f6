-- loses: column p of table placed, column many of table placed, column n of table deep

-- migrate:up
ALTER TYPE place DROP ATTRIBUTE y;

-- migrate:down
-- Nothing.
