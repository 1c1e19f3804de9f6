-- Non-transactional: three statements, of which the second one needs table base.

-- migrate:up transaction:false
CREATE TABLE IF NOT EXISTS d1 (id integer);
ALTER TABLE base ADD COLUMN IF NOT EXISTS d2 integer;
CREATE TABLE IF NOT EXISTS d3 (id integer);

-- migrate:down transaction:false
DROP TABLE IF EXISTS d3;
ALTER TABLE base DROP COLUMN IF EXISTS d2;
DROP TABLE IF EXISTS d1;
