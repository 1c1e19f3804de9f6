-- keeps: everything

-- migrate:up
DROP TYPE unused;
DROP TRIGGER purge ON triggered;
DROP RULE purge ON ruled;
DROP FUNCTION purge();
CREATE SCHEMA gone;
DROP SCHEMA gone;

-- migrate:down
-- Nothing.
