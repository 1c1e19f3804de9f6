-- loses: table lone

-- migrate:up
DROP VIEW v;
DROP MATERIALIZED VIEW counted;
TRUNCATE lone;
INSERT INTO lone VALUES (1, 'x');
ALTER TABLE lone ALTER id TYPE bigint;

-- migrate:down
-- Nothing.
