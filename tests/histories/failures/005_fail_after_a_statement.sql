-- The first statement stays done; the second one fails.

-- migrate:up transaction:false
CREATE TABLE IF NOT EXISTS half (id integer);
ALTER TABLE item ADD COLUMN IF NOT EXISTS colour no_such_type;

-- migrate:down
DROP TABLE IF EXISTS half;
