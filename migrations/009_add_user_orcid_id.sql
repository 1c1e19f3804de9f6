-- Users can log in with their ORCID iD.

-- migrate:up
ALTER TABLE archiveuser ADD COLUMN IF NOT EXISTS orcid_id varchar(20);
CREATE INDEX IF NOT EXISTS idx_archiveuser_orcid_id ON archiveuser (orcid_id);

-- migrate:down
ALTER TABLE archiveuser DROP COLUMN IF EXISTS orcid_id;
