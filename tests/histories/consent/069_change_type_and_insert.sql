-- keeps: everything

-- migrate:up
DROP VIEW v;
DROP MATERIALIZED VIEW counted;
ALTER TABLE lone ALTER id TYPE bigint;
INSERT INTO lone VALUES (100, 'x');

-- migrate:down
-- Nothing.
