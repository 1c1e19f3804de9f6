-- keeps: everything

-- migrate:up
DROP MATERIALIZED VIEW vacant;
DROP VIEW v;

-- migrate:down
-- Nothing.
