-- Something of each kind that migrations name.

-- migrate:up
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE TABLE box (id integer PRIMARY KEY, colour colour NOT NULL, "Odd name" text);
CREATE TABLE item (
	id integer PRIMARY KEY,
	box_id integer NOT NULL REFERENCES box,
	weight integer,
	seen timestamp with time zone
);
CREATE INDEX item_weight ON item (weight);
CREATE VIEW heavy AS SELECT id, weight FROM item WHERE weight > 10;
CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * n';
GRANT SELECT ON box TO clerk;

-- migrate:down
DROP FUNCTION twice(integer);
DROP VIEW heavy;
DROP TABLE item;
DROP TABLE box;
DROP TYPE colour;
