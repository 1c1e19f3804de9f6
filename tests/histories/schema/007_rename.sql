-- Cannot be repeated.

-- migrate:up
ALTER TABLE item RENAME COLUMN weight TO grams;

-- migrate:down
ALTER TABLE item RENAME COLUMN grams TO weight;
