-- loses (down): table lone

-- migrate:up
SELECT 1;

-- migrate:down
DROP TABLE lone CASCADE;
