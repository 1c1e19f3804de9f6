-- Statements that are in a transaction each.

-- migrate:up transaction:false
ALTER TABLE parent DROP COLUMN IF EXISTS mood;
DROP TABLE IF EXISTS part;
UPDATE parent SET x = 6;

-- migrate:down
-- Nothing is reverted.
