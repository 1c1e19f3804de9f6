-- keeps: everything

-- migrate:up
ALTER TABLE scratch ALTER id TYPE bigint;
ALTER TABLE empty SET UNLOGGED;

-- migrate:down
-- Nothing.
