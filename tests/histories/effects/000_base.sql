-- Tables of many types, with constraints, for the rows that the measuring program makes up.

-- migrate:up
CREATE SCHEMA other;
CREATE TYPE mood AS ENUM ('sad', 'fine');
CREATE DOMAIN above_zero AS integer CHECK (VALUE > 0);
CREATE TABLE parent (
	id serial PRIMARY KEY,
	name text NOT NULL,
	mood mood NOT NULL,
	number above_zero NOT NULL,
	code varchar(3) NOT NULL CHECK (code IN ('ab', 'cd', 'ef')),
	data jsonb NOT NULL,
	tags text[] NOT NULL,
	range int4range NOT NULL,
	bytes bytea NOT NULL,
	remark text
);
CREATE TABLE other.child (
	id bigserial PRIMARY KEY,
	parent_id integer NOT NULL REFERENCES parent (id),
	note text
);
CREATE TABLE "Odd Name" (a integer, b integer, PRIMARY KEY (a, b));
CREATE TABLE part (id integer NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2001-01-01') TO ('2002-01-01');
CREATE TABLE square (a integer NOT NULL CHECK (a * a = 1764), b text);

-- migrate:down
-- The base stays.
