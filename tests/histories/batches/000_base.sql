-- Keys of the batched statements: a key with gaps, a large one, and one that many rows share.

-- migrate:up
CREATE TABLE counted (id integer PRIMARY KEY, n integer NOT NULL DEFAULT 0);
CREATE TABLE large (id bigint PRIMARY KEY, n integer NOT NULL DEFAULT 0);
CREATE TABLE moment (id serial PRIMARY KEY, at timestamptz NOT NULL, n integer NOT NULL DEFAULT 0);
CREATE INDEX ix_moment_at ON moment (at);
CREATE TABLE loose (id integer, at timestamp, word text, n integer NOT NULL DEFAULT 0);
CREATE INDEX ix_loose_at ON loose (at);
CREATE INDEX ix_loose_word ON loose (word);

-- migrate:down
DROP TABLE counted, large, moment, loose;
