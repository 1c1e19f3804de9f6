-- loses: large objects

-- migrate:up
SELECT lo_unlink(oid) FROM pg_largeobject_metadata;

-- migrate:down
-- Nothing.
