-- loses: materialized view counted is dropped

-- migrate:up
REFRESH MATERIALIZED VIEW counted WITH NO DATA;
DROP MATERIALIZED VIEW counted;

-- migrate:down
-- Nothing.
