-- loses: column k of table typed

-- migrate:up
DROP TYPE kind CASCADE;

-- migrate:down
-- Nothing.
