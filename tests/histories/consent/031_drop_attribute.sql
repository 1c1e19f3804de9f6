-- loses: column b of table pairs

-- migrate:up
ALTER TYPE pair DROP ATTRIBUTE b CASCADE;

-- migrate:down
-- Nothing.
