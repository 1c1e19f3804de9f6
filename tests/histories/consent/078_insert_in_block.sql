-- keeps: everything

-- migrate:up
DO $$BEGIN INSERT INTO lone VALUES (100, 'x'); EXCEPTION WHEN unique_violation THEN NULL; END$$;

-- migrate:down
-- Nothing.
