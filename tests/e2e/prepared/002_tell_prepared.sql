-- What is prepared in the session by now.

-- migrate:up
CREATE TABLE told AS SELECT name, statement FROM pg_prepared_statements;

-- migrate:down
DROP TABLE told;
