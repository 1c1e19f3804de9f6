-- As it was before the last version.

-- migrate:up
CREATE INDEX item_weight ON item (grams);

-- migrate:down
DROP INDEX item_weight;
