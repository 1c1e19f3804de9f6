-- A preview can be made again although there is one already.

-- migrate:up
ALTER TABLE previewqueue ADD COLUMN IF NOT EXISTS force boolean;

-- migrate:down
ALTER TABLE previewqueue DROP COLUMN IF EXISTS force;
