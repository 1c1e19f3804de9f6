-- keeps: everything

-- migrate:up
DROP MATERIALIZED VIEW counted;
CREATE MATERIALIZED VIEW counted AS SELECT count(*) + 1 AS n FROM lone;

-- migrate:down
-- Nothing.
