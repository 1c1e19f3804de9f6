-- keeps: everything

-- migrate:up
SELECT lo_from_bytea(0, 'new');
SELECT lo_put(oid, 0, 'changed') FROM pg_largeobject_metadata;

-- migrate:down
-- Nothing.
