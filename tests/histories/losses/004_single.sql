-- Non-transactional.

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS kept_note ON kept (note);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY IF EXISTS kept_note;
