-- A file can be queued for export at a later time. Only files whose time has come are exported, so the files that are in
-- the queue already get the time at which they were added, or the present one.
-- lint:allow unbatched-rows: the queue is short
-- lint:allow work-after-exclusive: the queue is short, and the daemons wait for a moment

-- migrate:up
ALTER TABLE exportqueue ADD COLUMN IF NOT EXISTS after timestamp;
UPDATE exportqueue SET after = coalesce(added, localtimestamp) WHERE after IS NULL;

-- migrate:down
ALTER TABLE exportqueue DROP COLUMN IF EXISTS after;
