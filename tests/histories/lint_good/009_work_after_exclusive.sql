-- First what takes long, then what locks.

-- migrate:up
ALTER TABLE preview VALIDATE CONSTRAINT preview_width_check;
ALTER TABLE header ADD COLUMN note text;

-- migrate:down
-- Nothing: the tests drop the database.
