-- keeps: everything

-- migrate:up
DROP MATERIALIZED VIEW counted;
DROP VIEW v;

-- migrate:down
-- Nothing.
