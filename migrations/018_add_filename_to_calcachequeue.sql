-- Who looks at the calibration cache queue wants to see which files wait.

-- migrate:up
ALTER TABLE calcachequeue ADD COLUMN IF NOT EXISTS filename text;

-- migrate:down
ALTER TABLE calcachequeue DROP COLUMN IF EXISTS filename;
