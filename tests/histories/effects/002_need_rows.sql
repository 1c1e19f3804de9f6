-- What fails on some rows: rows/002.sql says that there are none.

-- migrate:up
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END $$;
CREATE TRIGGER keep BEFORE UPDATE ON parent FOR EACH ROW EXECUTE PROCEDURE keep();
UPDATE parent SET x = 5;
ALTER TABLE parent ADD CONSTRAINT remark CHECK (remark IS NOT NULL);
ALTER TABLE parent ALTER COLUMN remark SET NOT NULL;
ALTER TABLE square ALTER COLUMN b SET NOT NULL;
CREATE UNIQUE INDEX parent_name_key ON parent (name);

-- migrate:down
-- Nothing is reverted.
