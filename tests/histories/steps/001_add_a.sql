-- Non-transactional: three statements, of which the second one needs table base.

-- migrate:up transaction:false
CREATE TABLE IF NOT EXISTS a1 (id integer);
ALTER TABLE base ADD COLUMN IF NOT EXISTS a2 integer;
CREATE TABLE IF NOT EXISTS a3 (id integer);

-- migrate:down transaction:false
DROP TABLE IF EXISTS a3;
ALTER TABLE base DROP COLUMN IF EXISTS a2;
DROP TABLE IF EXISTS a1;
