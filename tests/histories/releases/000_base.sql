-- migrate:up
CREATE TABLE big (id integer PRIMARY KEY, note text);
CREATE INDEX big_note ON big (note);
CREATE TABLE small (id integer);

-- migrate:down
DROP TABLE IF EXISTS small;
DROP TABLE IF EXISTS big;
