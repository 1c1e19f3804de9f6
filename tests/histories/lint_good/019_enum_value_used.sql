-- Each statement commits by itself, so the second one sees what the first one added.

-- migrate:up transaction:false
ALTER TYPE obstype ADD VALUE IF NOT EXISTS 'BPM';
INSERT INTO obslabel VALUES ('BPM', 'A bad pixel mask') ON CONFLICT DO NOTHING;

-- migrate:down
-- Nothing: the tests drop the database.
