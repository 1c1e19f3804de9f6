-- keeps: everything

-- migrate:up
REFRESH MATERIALIZED VIEW counted;

-- migrate:down
-- Nothing.
