-- loses: table lone

-- migrate:up
DO 'BEGIN TRUNCATE lone; END';

-- migrate:down
-- Nothing.
