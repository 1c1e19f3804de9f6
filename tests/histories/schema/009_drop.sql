-- What comes back with the next version.

-- migrate:up
DROP INDEX item_weight;
DROP VIEW IF EXISTS lately;

-- migrate:down
CREATE INDEX item_weight ON item (grams);
CREATE VIEW lately AS SELECT id FROM item WHERE date_trunc('day', seen AT TIME ZONE 'UTC') > '2020-01-01';
