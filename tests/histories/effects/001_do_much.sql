-- Effects of all kinds, also those that differ from server to server.

-- migrate:up
ALTER TABLE parent ADD COLUMN x integer NOT NULL DEFAULT 3;
ALTER SCHEMA other RENAME TO elsewhere;
ALTER TABLE elsewhere.child ALTER COLUMN note TYPE varchar(200);
DO $$
DECLARE
	r record;
BEGIN
	FOR r IN SELECT id FROM parent LOOP
		UPDATE parent SET x = 4 WHERE id = r.id;
	END LOOP;
END $$;
ALTER TABLE "Odd Name" RENAME COLUMN b TO "C c";
ALTER TABLE "Odd Name" RENAME TO "New Name";
ALTER TABLE "New Name" ALTER COLUMN a TYPE bigint;
CREATE INDEX "An Index" ON "New Name" ("C c");
INSERT INTO part VALUES (1, '2001-02-02');
DELETE FROM elsewhere.child;
TRUNCATE square;
SET work_mem = '5MB';

-- migrate:down
-- What was renamed stays so.
