-- loses: table lone

-- migrate:up
CREATE TABLE copied AS SELECT id FROM lone;
DROP TABLE lone CASCADE;
ALTER TABLE copied RENAME TO lone;

-- migrate:down
-- Nothing.
