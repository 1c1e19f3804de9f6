-- Somebody who may manage accounts need not be a superuser for it.

-- migrate:up
ALTER TABLE archiveuser ADD COLUMN IF NOT EXISTS user_admin boolean;

-- migrate:down
ALTER TABLE archiveuser DROP COLUMN IF EXISTS user_admin;
