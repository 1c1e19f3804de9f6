-- loses: table lone

-- migrate:up
DROP VIEW v;
DROP MATERIALIZED VIEW counted;
ALTER TABLE lone ALTER id TYPE bigint;
TRUNCATE lone;
INSERT INTO lone VALUES (1, 'x');

-- migrate:down
-- Nothing.
