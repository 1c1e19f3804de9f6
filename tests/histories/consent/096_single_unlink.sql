-- loses: large objects

-- migrate:up transaction:false
COMMENT ON TABLE lone IS 'unlinked';
SELECT lo_unlink(oid) FROM pg_largeobject_metadata;

-- migrate:down
-- Nothing.
