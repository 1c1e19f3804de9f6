-- keeps: everything

-- migrate:up
COMMENT ON TABLE lone IS 'DROP TABLE lone; DELETE FROM lone'; -- TRUNCATE lone
INSERT INTO more VALUES (1, 'DELETE FROM lone');

-- migrate:down
-- Nothing.
