-- loses: table lone

-- migrate:up
DROP VIEW v;
DROP MATERIALIZED VIEW counted;
DELETE FROM lone WHERE id = 1;
ALTER TABLE lone ALTER id TYPE bigint;

-- migrate:down
-- Nothing.
