-- It is recorded under none of them.

-- migrate:up transaction:false
ALTER TABLE base ADD COLUMN IF NOT EXISTS h integer;

-- migrate:down
ALTER TABLE base DROP COLUMN IF EXISTS h;
