-- keeps: everything

-- migrate:up
DROP VIEW v;
DROP MATERIALIZED VIEW counted;
ALTER TABLE lone ALTER id TYPE bigint;

-- migrate:down
-- Nothing.
