-- Privileges, and what a later migration may have made to be called here.
DO $$
BEGIN
	IF to_regprocedure('public.purge_by_grants()') IS NOT NULL THEN
		PERFORM public.purge_by_grants();
	END IF;
END
$$;
