-- Release 3.0 has each program and each publication once, and links of them by number only. The tables as they were
-- go to retired: columns that are not there any more, rows that were there twice, and links of which one end is
-- missing.
-- lint:allow drop-or-rename: these tables are small, and the archive is down from 40 to 54
-- lint:allow rewrite: as above
-- lint:allow unbatched-rows: as above
-- lint:allow set-not-null: as above
-- lint:allow validated-constraint: as above
-- lint:allow create-index: as above
-- lint:allow plain-drop-index: as above
-- lint:allow work-after-exclusive: as above

-- migrate:up
DO $$
DECLARE
	old_tables text[] := ARRAY(
		SELECT old.tab
		FROM (VALUES ('program', 'last_refreshed'), ('publication', 'last_refreshed'),
			('programpublication', 'prog_id'), ('obslog_comment', 'program_id')) old (tab, col)
		JOIN pg_attribute a ON a.attrelid = to_regclass('public.' || old.tab)::oid AND a.attname = old.col::name
			AND NOT a.attisdropped
	);
	tab text;
	con text;
BEGIN
	-- Comments on log lines: releases before 3.0 made the table, and none ever used it.
	IF to_regclass('public.logcomments') IS NOT NULL THEN
		IF to_regnamespace('retired') IS NULL THEN
			EXECUTE pg_catalog.format('CREATE SCHEMA retired AUTHORIZATION %I', (
				SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'public.header'::regclass::oid
			));
		ELSIF (SELECT nspowner FROM pg_namespace WHERE nspname = 'retired') NOT IN (
			SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
			UNION SELECT datdba FROM pg_database WHERE datname = current_database()
			UNION SELECT oid FROM pg_roles WHERE rolsuper
		) THEN
			RAISE EXCEPTION 'schema retired belongs to another role than table header'
				USING HINT = 'Its owner could drop what is moved there. Give it to the owner of header, or rename it.';
		END IF;
		FOR con IN
			SELECT conname FROM pg_constraint WHERE conrelid = 'public.logcomments'::regclass::oid AND contype = 'f'
		LOOP
			EXECUTE pg_catalog.format('ALTER TABLE public.logcomments DROP CONSTRAINT %I', con);
		END LOOP;
		ALTER TABLE public.logcomments SET SCHEMA retired;
	END IF;

	IF old_tables = ARRAY[]::text[] THEN
		RETURN;
	END IF;

	IF to_regnamespace('retired') IS NULL THEN
		EXECUTE pg_catalog.format('CREATE SCHEMA retired AUTHORIZATION %I', (
			SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'public.header'::regclass::oid
		));
	ELSIF (SELECT nspowner FROM pg_namespace WHERE nspname = 'retired') NOT IN (
		SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
		UNION SELECT datdba FROM pg_database WHERE datname = current_database()
		UNION SELECT oid FROM pg_roles WHERE rolsuper
	) THEN
		RAISE EXCEPTION 'schema retired belongs to another role than table header'
			USING HINT = 'Its owner could drop what is moved there. Give it to the owner of header, or rename it.';
	END IF;
	-- kept: is the row still in public?
	FOREACH tab IN ARRAY old_tables
	LOOP
		EXECUTE pg_catalog.format('CREATE TABLE retired.%1$I AS SELECT *, true AS kept FROM public.%1$I', tab);
		EXECUTE pg_catalog.format('ALTER TABLE retired.%I OWNER TO %I', tab, (
			SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'public.header'::regclass::oid
		));
	END LOOP;

	-- From here on the three tables have one form in all databases: the new names, and the old columns that are read.
	ALTER TABLE public.program ADD COLUMN IF NOT EXISTS last_refreshed timestamp;
	ALTER TABLE public.publication ADD COLUMN IF NOT EXISTS last_refreshed timestamp;
	ALTER TABLE public.programpublication
		ADD COLUMN IF NOT EXISTS program_text_id text,
		DROP CONSTRAINT IF EXISTS programpublication_unique;
	IF 'programpublication' = ANY (old_tables) THEN
		ALTER TABLE public.programpublication RENAME COLUMN prog_id TO program_id;
		ALTER TABLE public.programpublication RENAME COLUMN pub_id TO publication_id;
	END IF;
	ALTER TABLE public.publication ALTER COLUMN bibcode TYPE text;
	UPDATE public.publication
	SET bibcode = btrim(bibcode, E' \t\n\r\f\v')
	WHERE bibcode <> btrim(bibcode, E' \t\n\r\f\v');

	-- Of the rows with the same name the one that was refreshed last stays, or else the newest. Links go to it.
	UPDATE public.programpublication l
	SET program_id = r.first
	FROM (
		SELECT id, first_value(id) OVER (
			PARTITION BY program_id ORDER BY coalesce(last_refreshed, '-infinity') DESC, id DESC
		) AS first
		FROM public.program
		WHERE program_id IS NOT NULL
	) r
	WHERE l.program_id = r.id AND r.first <> r.id;
	DELETE FROM public.program p
	USING public.program n
	WHERE n.program_id = p.program_id AND n.id <> p.id
		AND (coalesce(n.last_refreshed, '-infinity'), n.id) > (coalesce(p.last_refreshed, '-infinity'), p.id);

	UPDATE public.programpublication l
	SET publication_id = r.first
	FROM (
		SELECT id, first_value(id) OVER (
			PARTITION BY bibcode ORDER BY coalesce(last_refreshed, '-infinity') DESC, id DESC
		) AS first
		FROM public.publication
		WHERE bibcode IS NOT NULL
	) r
	WHERE l.publication_id = r.id AND r.first <> r.id;
	DELETE FROM public.publication p
	USING public.publication n
	WHERE n.bibcode = p.bibcode AND n.id <> p.id
		AND (coalesce(n.last_refreshed, '-infinity'), n.id) > (coalesce(p.last_refreshed, '-infinity'), p.id);

	-- A link without a program may have its name. A link of which one end is missing goes, and one that is there twice.
	UPDATE public.programpublication l
	SET program_id = p.id
	FROM public.program p
	WHERE p.program_id = l.program_text_id
		AND NOT EXISTS (SELECT FROM public.program o WHERE o.id = l.program_id);
	DELETE FROM public.programpublication l
	WHERE NOT EXISTS (SELECT FROM public.program p WHERE p.id = l.program_id)
		OR NOT EXISTS (SELECT FROM public.publication p WHERE p.id = l.publication_id);
	DELETE FROM public.programpublication l
	USING public.programpublication n
	WHERE n.program_id = l.program_id AND n.publication_id = l.publication_id AND n.id < l.id;

	FOREACH tab IN ARRAY old_tables
	LOOP
		EXECUTE pg_catalog.format('UPDATE retired.%1$I r SET kept = false'
			' WHERE NOT EXISTS (SELECT FROM public.%1$I p WHERE p.id = r.id)', tab);
	END LOOP;

	ALTER TABLE public.programpublication ALTER COLUMN program_id SET NOT NULL;
	IF EXISTS (
		SELECT FROM pg_attribute
		WHERE attrelid = 'public.publication'::regclass::oid AND attname = 'too' AND atttypid <> 'boolean'::regtype::oid
	) THEN
		ALTER TABLE public.publication
			ALTER COLUMN telescope TYPE text,
			ALTER COLUMN instrument TYPE text,
			ALTER COLUMN country TYPE text,
			ALTER COLUMN wavelength TYPE text,
			ALTER COLUMN mode TYPE text,
			ALTER COLUMN partner TYPE text,
			ALTER COLUMN too TYPE boolean USING CASE too WHEN 'Y' THEN true WHEN 'N' THEN false END;
	END IF;

	IF NOT (SELECT indisunique FROM pg_index WHERE indexrelid = 'public.ix_program_program_id'::regclass::oid) THEN
		DROP INDEX public.ix_program_program_id;
	END IF;
	IF NOT (SELECT indisunique FROM pg_index WHERE indexrelid = 'public.ix_publication_bibcode'::regclass::oid) THEN
		DROP INDEX public.ix_publication_bibcode;
	END IF;

	FOR tab, con IN VALUES ('program', 'program_id'), ('publication', 'publication_id')
	LOOP
		CONTINUE WHEN EXISTS (
			SELECT FROM pg_constraint
			WHERE conrelid = 'public.programpublication'::regclass::oid
				AND conname::text = pg_catalog.format('programpublication_%s_fkey', con)
		);
		EXECUTE pg_catalog.format('ALTER TABLE public.programpublication ADD CONSTRAINT programpublication_%1$s_fkey'
			' FOREIGN KEY (%1$s) REFERENCES public.%2$s (id)', con, tab);
	END LOOP;
END
$$;

ALTER TABLE program
	DROP COLUMN IF EXISTS allocated_hours,
	DROP COLUMN IF EXISTS coiemail,
	DROP COLUMN IF EXISTS completion,
	DROP COLUMN IF EXISTS last_refreshed,
	DROP COLUMN IF EXISTS partners,
	DROP COLUMN IF EXISTS piemail,
	DROP COLUMN IF EXISTS remaining_hours,
	DROP COLUMN IF EXISTS rollover,
	DROP COLUMN IF EXISTS science_band,
	DROP COLUMN IF EXISTS too;
ALTER TABLE publication DROP COLUMN IF EXISTS last_refreshed;
ALTER TABLE programpublication DROP COLUMN IF EXISTS bibcode, DROP COLUMN IF EXISTS program_text_id;
ALTER TABLE obslog_comment DROP COLUMN IF EXISTS program_id;
ALTER INDEX IF EXISTS ix_programpublication_prog_id RENAME TO ix_programpublication_program_id;
ALTER INDEX IF EXISTS ix_programpublication_pub_id RENAME TO ix_programpublication_publication_id;
CREATE INDEX IF NOT EXISTS ix_programpublication_program_id ON programpublication (program_id);
CREATE INDEX IF NOT EXISTS ix_programpublication_publication_id ON programpublication (publication_id);
CREATE UNIQUE INDEX IF NOT EXISTS ix_program_program_id ON program (program_id);
CREATE UNIQUE INDEX IF NOT EXISTS ix_publication_bibcode ON publication (bibcode);

-- migrate:down
-- The old rows of these tables come back from retired. In newer rows, the names of a link come from its program and
-- publication, and the program of a comment from its data label.
DO $$
BEGIN
	IF to_regclass('public.logcomments') IS NULL AND EXISTS (
		SELECT FROM pg_class r
		WHERE r.oid = to_regclass('retired.logcomments')::oid AND r.relkind = 'r' AND r.relowner IN (
			SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
			UNION SELECT oid FROM pg_roles WHERE rolsuper
		)
	) THEN
		ALTER TABLE retired.logcomments SET SCHEMA public;
		DELETE FROM public.logcomments c WHERE NOT EXISTS (SELECT FROM public.header h WHERE h.id = c.header_id);
		ALTER TABLE public.logcomments
			ADD CONSTRAINT logcomments_header_id_fkey FOREIGN KEY (header_id) REFERENCES public.header (id);
	END IF;
END
$$;
DROP INDEX IF EXISTS ix_program_program_id;
DROP INDEX IF EXISTS ix_publication_bibcode;
-- Each column is a statement, which a downgrade leaves out where the database did not have it.
ALTER TABLE program ADD COLUMN IF NOT EXISTS piemail text;
ALTER TABLE program ADD COLUMN IF NOT EXISTS coiemail text;
ALTER TABLE program ADD COLUMN IF NOT EXISTS science_band integer;
ALTER TABLE program ADD COLUMN IF NOT EXISTS partners text;
ALTER TABLE program ADD COLUMN IF NOT EXISTS rollover boolean;
ALTER TABLE program ADD COLUMN IF NOT EXISTS too boolean;
ALTER TABLE program ADD COLUMN IF NOT EXISTS completion text;
ALTER TABLE program ADD COLUMN IF NOT EXISTS allocated_hours double precision;
ALTER TABLE program ADD COLUMN IF NOT EXISTS remaining_hours double precision;
ALTER TABLE program ADD COLUMN IF NOT EXISTS last_refreshed timestamp DEFAULT now();
ALTER TABLE publication ADD COLUMN IF NOT EXISTS last_refreshed timestamp DEFAULT now();
DO $$
DECLARE
	col text;
	width integer;
	too_long text;
BEGIN
	FOR col, width IN
		VALUES ('bibcode', 20), ('telescope', 5), ('instrument', 50), ('country', 20), ('wavelength', 20), ('mode', 20),
			('partner', 35)
	LOOP
		EXECUTE pg_catalog.format('SELECT string_agg(id::text, '', '' ORDER BY id) FROM public.publication'
			' WHERE length(%I) > %s', col, width) INTO too_long;
		IF too_long IS NOT NULL THEN
			RAISE EXCEPTION 'publication.% cannot have more than % characters in the older form: rows with id %',
				col, width, too_long
				USING HINT = 'Shorten these texts.';
		END IF;
	END LOOP;

	ALTER TABLE public.publication
		ALTER COLUMN bibcode TYPE varchar(20),
		ALTER COLUMN telescope TYPE varchar(5),
		ALTER COLUMN instrument TYPE varchar(50),
		ALTER COLUMN country TYPE varchar(20),
		ALTER COLUMN wavelength TYPE varchar(20),
		ALTER COLUMN mode TYPE varchar(20),
		ALTER COLUMN partner TYPE varchar(35),
		ALTER COLUMN too TYPE varchar(10) USING CASE WHEN too THEN 'Y' WHEN NOT too THEN 'N' END;
END
$$;
ALTER TABLE programpublication DROP CONSTRAINT IF EXISTS programpublication_program_id_fkey;
ALTER TABLE programpublication DROP CONSTRAINT IF EXISTS programpublication_publication_id_fkey;
ALTER TABLE programpublication RENAME COLUMN program_id TO prog_id;
ALTER TABLE programpublication RENAME COLUMN publication_id TO pub_id;
ALTER TABLE programpublication ALTER COLUMN prog_id DROP NOT NULL;
ALTER TABLE programpublication ADD COLUMN IF NOT EXISTS program_text_id text;
ALTER TABLE programpublication ADD COLUMN IF NOT EXISTS bibcode varchar(20);
ALTER TABLE obslog_comment ADD COLUMN IF NOT EXISTS program_id text;
DO $$
DECLARE
	tab text;
	old_columns text[];
	columns text;
	changes text;
	col text;
	name text;
BEGIN
	IF EXISTS (
		SELECT FROM pg_attribute
		WHERE attrelid = 'public.obslog_comment'::regclass::oid AND attname = 'program_id' AND NOT attisdropped
	) THEN
		UPDATE public.obslog_comment SET program_id = substring(data_label FROM '^(.*)-[^-]*-[^-]*$');
	END IF;

	FOR tab, old_columns IN
		VALUES ('program', ARRAY['piemail', 'coiemail', 'science_band', 'partners', 'rollover', 'too', 'completion',
				'allocated_hours', 'remaining_hours', 'last_refreshed']),
			('publication', ARRAY['last_refreshed']),
			('programpublication', ARRAY['prog_id', 'pub_id', 'program_text_id', 'bibcode']),
			('obslog_comment', ARRAY['program_id'])
	LOOP
		CONTINUE WHEN NOT EXISTS (
			SELECT FROM pg_class r
			WHERE r.oid = to_regclass('retired.' || tab)::oid AND r.relkind = 'r' AND r.relowner IN (
				SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
				UNION SELECT oid FROM pg_roles WHERE rolsuper
			)
		);
		-- The columns that both have: the database may have lacked others.
		SELECT string_agg(quote_ident(n.attname), ', '),
			string_agg(pg_catalog.format('%1$I = r.%1$I', n.attname), ', ')
				FILTER (WHERE n.attname::text = ANY (old_columns))
		INTO columns, changes
		FROM pg_attribute n
		JOIN pg_attribute o ON o.attrelid = to_regclass('retired.' || tab)::oid AND o.attname = n.attname
		WHERE n.attrelid = to_regclass('public.' || tab)::oid AND n.attnum > 0 AND NOT n.attisdropped;
		IF changes IS NOT NULL THEN
			EXECUTE pg_catalog.format('UPDATE public.%1$I n SET %2$s FROM retired.%1$I r WHERE r.id = n.id', tab,
				changes);
		END IF;
		IF tab = 'publication' THEN
			UPDATE public.publication p
			SET bibcode = CASE WHEN p.bibcode = btrim(r.bibcode, E' \t\n\r\f\v') THEN r.bibcode ELSE p.bibcode END,
				too = coalesce(p.too, CASE WHEN r.too NOT IN ('Y', 'N') THEN r.too END)
			FROM retired.publication r
			WHERE r.id = p.id;
		END IF;
		EXECUTE pg_catalog.format('INSERT INTO public.%1$I (%2$s) SELECT %2$s FROM retired.%1$I WHERE NOT kept', tab,
			columns);
	END LOOP;

	FOR col, name IN
		VALUES ('program_text_id', 'SELECT p.program_id FROM public.program p WHERE p.id = l.prog_id'),
			('bibcode', 'SELECT p.bibcode FROM public.publication p WHERE p.id = l.pub_id')
	LOOP
		IF EXISTS (
			SELECT FROM pg_attribute
			WHERE attrelid = 'public.programpublication'::regclass::oid AND attname = col::name AND NOT attisdropped
		) THEN
			EXECUTE pg_catalog.format('UPDATE public.programpublication l SET %1$I = coalesce((%2$s), '''')'
				' WHERE %1$I IS NULL', col, name);
		END IF;
	END LOOP;
	-- The software of today may make a link twice.
	IF EXISTS (
		SELECT FROM pg_attribute
		WHERE attrelid = 'public.programpublication'::regclass::oid AND attname = 'prog_id' AND NOT attisdropped
	) THEN
		DELETE FROM public.programpublication l
		USING public.programpublication o
		WHERE o.prog_id = l.prog_id AND o.pub_id = l.pub_id AND o.id < l.id;
	END IF;
END
$$;
ALTER TABLE programpublication ALTER COLUMN program_text_id SET NOT NULL;
ALTER TABLE programpublication ALTER COLUMN bibcode SET NOT NULL;
ALTER TABLE programpublication ADD CONSTRAINT programpublication_unique UNIQUE (prog_id, pub_id);
ALTER INDEX IF EXISTS ix_programpublication_program_id RENAME TO ix_programpublication_prog_id;
ALTER INDEX IF EXISTS ix_programpublication_publication_id RENAME TO ix_programpublication_pub_id;
CREATE INDEX IF NOT EXISTS ix_programpublication_bibcode ON programpublication (bibcode);
CREATE INDEX IF NOT EXISTS ix_programpublication_program_text_id ON programpublication (program_text_id);
CREATE INDEX IF NOT EXISTS ix_obslog_comment_program_id ON obslog_comment (program_id);
CREATE INDEX IF NOT EXISTS ix_program_last_refreshed ON program (last_refreshed);
CREATE INDEX IF NOT EXISTS ix_program_program_id ON program (program_id);
CREATE INDEX IF NOT EXISTS ix_publication_bibcode ON publication (bibcode);
DROP TABLE IF EXISTS retired.program;
DROP TABLE IF EXISTS retired.publication;
DROP TABLE IF EXISTS retired.programpublication;
DROP TABLE IF EXISTS retired.obslog_comment;
