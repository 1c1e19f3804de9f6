-- loses: large objects

-- migrate:up
DO $$
DECLARE
	object oid;
	handle integer;
BEGIN
	FOR object IN SELECT oid FROM pg_largeobject_metadata LOOP
		handle := lo_open(object, 393216);
		PERFORM lo_truncate(handle, 0);
		PERFORM lo_close(handle);
	END LOOP;
END
$$;

-- migrate:down
-- Nothing.
