-- loses: table lone

-- migrate:up
CREATE FUNCTION gone() RETURNS void LANGUAGE sql AS 'TRUNCATE lone';
SELECT gone();
DROP FUNCTION gone();

-- migrate:down
-- Nothing.
