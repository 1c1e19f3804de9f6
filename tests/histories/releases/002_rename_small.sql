-- lint:allow drop-or-rename: the software stands still
-- migrate:up
ALTER TABLE small RENAME TO tiny;

-- migrate:down
ALTER TABLE tiny RENAME TO small;
