-- loses: table lone

-- migrate:up
CREATE FUNCTION purge_by_grants() RETURNS void LANGUAGE sql AS 'DELETE FROM public.lone';

-- migrate:down
-- Nothing.
