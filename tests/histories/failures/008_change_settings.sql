-- None of this may reach the next migration.

-- migrate:up
SET search_path = pg_catalog;
SET statement_timeout = '7s';
SET lock_timeout = 0;
SET DateStyle = 'German';
SET fitsdb.test = 'left over';
RESET ROLE;
SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;

-- migrate:down
SET search_path = pg_catalog;
