-- Columns go with their type.

-- migrate:up
ALTER TABLE kept ADD COLUMN second text;

-- migrate:down
DROP TYPE kind CASCADE;
ALTER TABLE kept DROP second;
