-- Somebody who may give users access to single files need not be a superuser for it.

-- migrate:up
ALTER TABLE archiveuser ADD COLUMN IF NOT EXISTS file_permission_admin boolean;

-- migrate:down
ALTER TABLE archiveuser DROP COLUMN IF EXISTS file_permission_admin;
