-- Reads one table to change another.

-- migrate:up
WITH old AS (SELECT i.box_id FROM item i WHERE i.seen < '2020-01-01 00:00:00+00')
UPDATE box SET "Odd name" = twice(old.box_id) FROM old WHERE box.id = old.box_id;
DELETE FROM weights WHERE weight < 0;

-- migrate:down
-- Nothing: what was deleted was wrong.
