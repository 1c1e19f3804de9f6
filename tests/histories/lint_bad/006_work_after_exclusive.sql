-- Nobody reads header until every row of preview was checked. The check by itself, after which the constraint counts as
-- validated, blocks nobody: migration 0 added it as NOT VALID.

-- migrate:up
ALTER TABLE header ADD COLUMN note text;
ALTER TABLE preview VALIDATE CONSTRAINT preview_width_check;

-- migrate:down
-- Nothing: the tests drop the database.
