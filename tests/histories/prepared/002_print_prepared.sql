-- The prepared statements of the session, and the settings that scripts have.

-- migrate:up
CREATE TABLE told AS SELECT name, statement FROM pg_prepared_statements;
CREATE TABLE settings AS SELECT name FROM pg_settings WHERE setting <> reset_val;

-- migrate:down
DROP TABLE told, settings;
