-- SQL that is built at run time, and a table that has another name then.

-- migrate:up
CREATE TABLE made (id integer);

-- migrate:down
ALTER TABLE renamed RENAME TO other;
DO $$
BEGIN
	EXECUTE pg_catalog.format('DROP TABLE %I', 'assem' || 'bled');
END
$$;
DROP TABLE other;
DROP TABLE made;
