-- Users who are not staff can be allowed to upload miscellaneous files.

-- migrate:up
ALTER TABLE archiveuser ADD COLUMN IF NOT EXISTS misc_upload boolean;

-- migrate:down
ALTER TABLE archiveuser DROP COLUMN IF EXISTS misc_upload;
