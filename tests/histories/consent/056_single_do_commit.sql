-- loses (11): table lone

-- migrate:up transaction:false
DO $$BEGIN DELETE FROM lone; COMMIT; END$$;

-- migrate:down
-- Nothing.
