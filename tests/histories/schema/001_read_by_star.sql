-- The columns that are read have no names here. The names in this comment and in '*' are none: twice, item_weight.

-- migrate:up
CREATE TABLE weights (item integer, weight integer);
INSERT INTO weights SELECT * FROM heavy;

-- migrate:down
DROP TABLE weights;
