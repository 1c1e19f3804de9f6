-- Databases lack these, or have them already.

-- migrate:up
CREATE INDEX IF NOT EXISTS item_weight ON item (weight);
ALTER TABLE item ADD COLUMN IF NOT EXISTS seen timestamp with time zone;
CREATE OR REPLACE VIEW heavy AS SELECT id, weight FROM item WHERE weight > 10;

-- migrate:down
-- Nothing: they are version 0's.
