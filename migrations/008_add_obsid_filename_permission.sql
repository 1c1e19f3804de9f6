-- A user can be given a single observation or a single file, so a permission need not name a whole program any more.

-- migrate:up
ALTER TABLE userprogram
	ALTER COLUMN program_id DROP NOT NULL,
	ADD COLUMN IF NOT EXISTS observation_id text,
	ADD COLUMN IF NOT EXISTS path text,
	ADD COLUMN IF NOT EXISTS filename text;

-- migrate:down
-- program_id stays nullable: rows that were for an observation or a file have none.
ALTER TABLE userprogram
	DROP COLUMN IF EXISTS observation_id,
	DROP COLUMN IF EXISTS path,
	DROP COLUMN IF EXISTS filename;
