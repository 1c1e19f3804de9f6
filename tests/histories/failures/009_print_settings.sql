-- The settings that a migration finds.

-- migrate:up
CREATE TABLE told AS SELECT name, current_setting(name, true) AS value FROM unnest(ARRAY['search_path',
	'statement_timeout', 'idle_in_transaction_session_timeout', 'lock_timeout', 'DateStyle', 'fitsdb.test',
	'application_name', 'client_encoding', 'default_transaction_read_only']) name
UNION ALL SELECT 'role', current_user;

-- migrate:down
DROP TABLE told;
