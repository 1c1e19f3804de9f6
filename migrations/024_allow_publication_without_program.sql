-- A paper may name a program that the archive does not know yet.

-- migrate:up
ALTER TABLE programpublication ALTER COLUMN prog_id DROP NOT NULL;

-- migrate:down
-- Nothing: prog_id stays nullable, as rows without a program may be there by now.
