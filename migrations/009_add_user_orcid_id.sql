-- Users can log in with their ORCID iD.

-- migrate:up
ALTER TABLE archiveuser ADD COLUMN IF NOT EXISTS orcid_id varchar(20);
-- lint:allow create-index: archiveuser is small, a row for each person; to build it takes a moment
-- lint:allow work-after-exclusive: it is archiveuser that is locked, and for that moment nobody logs in
CREATE INDEX IF NOT EXISTS idx_archiveuser_orcid_id ON archiveuser (orcid_id);

-- migrate:down
ALTER TABLE archiveuser DROP COLUMN IF EXISTS orcid_id;
