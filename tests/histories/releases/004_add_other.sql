-- migrate:up
CREATE TABLE other (id integer);

-- migrate:down
DROP TABLE IF EXISTS other;
