-- loses: column n of table named

-- migrate:up
DROP DOMAIN name_of CASCADE;

-- migrate:down
-- Nothing.
