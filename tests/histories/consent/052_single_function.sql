-- loses: table lone

-- migrate:up transaction:false
COMMENT ON TABLE lone IS 'purged';
SELECT purge();

-- migrate:down
-- Nothing.
