-- Tables that the down migrations destroy, each in its own way.

-- migrate:up
CREATE TYPE kind AS ENUM ('a');
CREATE TABLE deleted (id integer);
CREATE TABLE truncated (id integer);
CREATE TABLE typed (id integer, of_kind kind);
CREATE TABLE assembled (id integer);
CREATE TABLE renamed (id integer);
CREATE TABLE parent (id integer PRIMARY KEY);
CREATE TABLE child (id integer REFERENCES parent (id) ON DELETE CASCADE);
CREATE TABLE kept (id integer, note text DEFAULT 'x');

-- migrate:down
-- Nothing: this is where the history begins.
