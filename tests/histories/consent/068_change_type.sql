-- keeps: everything

-- migrate:up
DROP VIEW v;
ALTER TABLE lone ALTER id TYPE bigint;

-- migrate:down
-- Nothing.
