-- It must be recorded without these statements.

-- migrate:up transaction:false
ALTER TABLE base ADD COLUMN IF NOT EXISTS h integer;

-- migrate:down
ALTER TABLE base DROP COLUMN IF EXISTS h;
