-- Needs a unique key that it does not name.

-- migrate:up
CREATE TABLE label (item integer REFERENCES item, text text);

-- migrate:down
DROP TABLE label;
ALTER TABLE item ALTER COLUMN weight SET DEFAULT 1;
DROP INDEX item_weight;
