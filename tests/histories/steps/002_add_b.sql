-- Non-transactional: three statements, of which the second one needs table base.

-- migrate:up transaction:false
CREATE TABLE IF NOT EXISTS b1 (id integer);
ALTER TABLE base ADD COLUMN IF NOT EXISTS b2 integer;
CREATE TABLE IF NOT EXISTS b3 (id integer);

-- migrate:down transaction:false
DROP TABLE IF EXISTS b3;
ALTER TABLE base DROP COLUMN IF EXISTS b2;
DROP TABLE IF EXISTS b1;
