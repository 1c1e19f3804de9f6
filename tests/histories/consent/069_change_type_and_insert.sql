-- keeps: everything

-- migrate:up
DROP VIEW v;
ALTER TABLE lone ALTER id TYPE bigint;
INSERT INTO lone VALUES (100, 'x');

-- migrate:down
-- Nothing.
