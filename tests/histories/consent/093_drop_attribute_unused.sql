-- keeps: everything

-- migrate:up
ALTER TYPE loose DROP ATTRIBUTE y;
CREATE TYPE fresh AS (x integer, y integer);
CREATE TABLE made (f fresh);
INSERT INTO made VALUES ('(1,2)');
ALTER TYPE fresh DROP ATTRIBUTE y;

-- migrate:down
-- Nothing.
