-- loses: table lone

-- migrate:up
CREATE TABLE later (id integer);
CREATE FUNCTION put_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	SET CONSTRAINTS ALL DEFERRED;
	INSERT INTO public.deferred VALUES (1);
	RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER put_off AFTER INSERT ON later DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE PROCEDURE put_off();
INSERT INTO later VALUES (1);

-- migrate:down
-- Nothing.
