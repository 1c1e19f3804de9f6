-- The software of version 3 knows neither the planets on images nor the folders of miscellaneous files. Their tables
-- go to schema retired as they are, without foreign keys: these would forbid to delete files and users.

-- migrate:up
-- lint:allow drop-or-rename: the archive is down from 40 to 54
DO $$
DECLARE
	tab text;
	con text;
BEGIN
	FOREACH tab IN ARRAY ARRAY['target_presence', 'targets_checked', 'targetqueue', 'target',
		'miscfile_plus', 'miscfile_folder', 'miscfile_collection_users', 'miscfile_collection']
	LOOP
		CONTINUE WHEN to_regclass('public.' || tab) IS NULL;
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
			SELECT conname FROM pg_constraint WHERE conrelid = to_regclass('public.' || tab)::oid AND contype = 'f'
		LOOP
			EXECUTE pg_catalog.format('ALTER TABLE public.%I DROP CONSTRAINT %I', tab, con);
		END LOOP;
		EXECUTE pg_catalog.format('ALTER TABLE public.%I SET SCHEMA retired', tab);
	END LOOP;
END
$$;

-- migrate:down
-- Each table comes back from retired, or is made empty where nothing was retired. Each is one statement, which a
-- downgrade leaves out in a database that did not have the table before. Rows of files and users that were deleted
-- since are lost here too: the foreign keys would have forbidden it.
DO $$
BEGIN
	IF to_regclass('public.target') IS NULL AND EXISTS (
		SELECT FROM pg_class r
		WHERE r.oid = to_regclass('retired.target')::oid AND r.relkind = 'r' AND r.relowner IN (
			SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
			UNION SELECT oid FROM pg_roles WHERE rolsuper
		)
	) THEN
		ALTER TABLE retired.target SET SCHEMA public;
	ELSIF to_regclass('public.target') IS NULL THEN
		CREATE TABLE public.target (
			id             serial PRIMARY KEY,
			name           varchar(32) NOT NULL,
			ephemeris_name varchar(32)
		);
		INSERT INTO public.target (name, ephemeris_name)
		VALUES
			('Mercury', 'mercury'),
			('Venus', 'venus'),
			('Moon', 'moon'),
			('Mars', 'mars'),
			('Jupiter', 'jupiter'),
			('Saturn', 'saturn'),
			('Uranus', 'uranus'),
			('Neptune', 'neptune'),
			('Pluto', 'pluto');
		CREATE UNIQUE INDEX ix_target_ephemeris_name ON public.target (ephemeris_name);
		CREATE UNIQUE INDEX ix_target_name ON public.target (name);
	END IF;
END
$$;

DO $$
DECLARE
	col text;
	parent text;
	parent_key text;
BEGIN
	IF to_regclass('public.target_presence') IS NULL AND EXISTS (
		SELECT FROM pg_class r
		WHERE r.oid = to_regclass('retired.target_presence')::oid AND r.relkind = 'r' AND r.relowner IN (
			SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
			UNION SELECT oid FROM pg_roles WHERE rolsuper
		)
	) THEN
		ALTER TABLE retired.target_presence SET SCHEMA public;
	ELSIF to_regclass('public.target_presence') IS NULL THEN
		CREATE TABLE public.target_presence (
			id          serial PRIMARY KEY,
			target_name varchar(32) NOT NULL,
			diskfile_id integer NOT NULL
		);
		CREATE INDEX ix_target_presence_diskfile_id ON public.target_presence (diskfile_id);
		CREATE INDEX ix_target_presence_target_name ON public.target_presence (target_name);
	END IF;

	FOR col, parent, parent_key IN
		VALUES ('target_name', 'target', 'name'), ('diskfile_id', 'diskfile', 'id')
	LOOP
		CONTINUE WHEN EXISTS (
			SELECT FROM pg_constraint
			WHERE conrelid = 'public.target_presence'::regclass::oid
				AND conname::text = pg_catalog.format('target_presence_%s_fkey', col)
		) OR NOT EXISTS (
			SELECT FROM pg_attribute WHERE attrelid = 'public.target_presence'::regclass::oid AND attname = col::name
		) OR NOT EXISTS (
			SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
			WHERE i.indrelid = to_regclass('public.' || parent)::oid AND a.attname = parent_key::name
				AND i.indisunique AND i.indnatts = 1 AND i.indpred IS NULL
		);
		EXECUTE pg_catalog.format('DELETE FROM public.target_presence c WHERE %1$I IS NOT NULL'
			' AND NOT EXISTS (SELECT FROM public.%2$I p WHERE p.%3$I = c.%1$I)', col, parent, parent_key);
		EXECUTE pg_catalog.format('ALTER TABLE public.target_presence ADD CONSTRAINT %4$I'
			' FOREIGN KEY (%1$I) REFERENCES public.%2$I (%3$I)', col, parent, parent_key,
			pg_catalog.format('target_presence_%s_fkey', col));
	END LOOP;
END
$$;

DO $$
DECLARE
	col text;
	parent text;
	parent_key text;
BEGIN
	IF to_regclass('public.targets_checked') IS NULL AND EXISTS (
		SELECT FROM pg_class r
		WHERE r.oid = to_regclass('retired.targets_checked')::oid AND r.relkind = 'r' AND r.relowner IN (
			SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
			UNION SELECT oid FROM pg_roles WHERE rolsuper
		)
	) THEN
		ALTER TABLE retired.targets_checked SET SCHEMA public;
	ELSIF to_regclass('public.targets_checked') IS NULL THEN
		CREATE TABLE public.targets_checked (
			id           serial PRIMARY KEY,
			diskfile_id  integer NOT NULL,
			date_checked timestamp
		);
		CREATE INDEX ix_targets_checked_date_checked ON public.targets_checked (date_checked);
		CREATE UNIQUE INDEX ix_targets_checked_diskfile_id ON public.targets_checked (diskfile_id);
	END IF;

	FOR col, parent, parent_key IN
		VALUES ('diskfile_id', 'diskfile', 'id')
	LOOP
		CONTINUE WHEN EXISTS (
			SELECT FROM pg_constraint
			WHERE conrelid = 'public.targets_checked'::regclass::oid
				AND conname::text = pg_catalog.format('targets_checked_%s_fkey', col)
		) OR NOT EXISTS (
			SELECT FROM pg_attribute WHERE attrelid = 'public.targets_checked'::regclass::oid AND attname = col::name
		) OR NOT EXISTS (
			SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
			WHERE i.indrelid = to_regclass('public.' || parent)::oid AND a.attname = parent_key::name
				AND i.indisunique AND i.indnatts = 1 AND i.indpred IS NULL
		);
		EXECUTE pg_catalog.format('DELETE FROM public.targets_checked c WHERE %1$I IS NOT NULL'
			' AND NOT EXISTS (SELECT FROM public.%2$I p WHERE p.%3$I = c.%1$I)', col, parent, parent_key);
		EXECUTE pg_catalog.format('ALTER TABLE public.targets_checked ADD CONSTRAINT %4$I'
			' FOREIGN KEY (%1$I) REFERENCES public.%2$I (%3$I)', col, parent, parent_key,
			pg_catalog.format('targets_checked_%s_fkey', col));
	END LOOP;
END
$$;

DO $$
DECLARE
	col text;
	parent text;
	parent_key text;
BEGIN
	IF to_regclass('public.targetqueue') IS NULL AND EXISTS (
		SELECT FROM pg_class r
		WHERE r.oid = to_regclass('retired.targetqueue')::oid AND r.relkind = 'r' AND r.relowner IN (
			SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
			UNION SELECT oid FROM pg_roles WHERE rolsuper
		)
	) THEN
		ALTER TABLE retired.targetqueue SET SCHEMA public;
	ELSIF to_regclass('public.targetqueue') IS NULL THEN
		CREATE TABLE public.targetqueue (
			id          serial PRIMARY KEY,
			diskfile_id integer NOT NULL,
			inprogress  boolean,
			failed      boolean,
			added       timestamp,
			force       boolean,
			after       timestamp,
			sortkey     text,
			UNIQUE (diskfile_id, inprogress, failed)
		);
		CREATE INDEX ix_targetqueue_diskfile_id ON public.targetqueue (diskfile_id);
		CREATE INDEX ix_targetqueue_inprogress ON public.targetqueue (inprogress);
		CREATE INDEX ix_targetqueue_sortkey ON public.targetqueue (sortkey);
	END IF;

	FOR col, parent, parent_key IN
		VALUES ('diskfile_id', 'diskfile', 'id')
	LOOP
		CONTINUE WHEN EXISTS (
			SELECT FROM pg_constraint
			WHERE conrelid = 'public.targetqueue'::regclass::oid
				AND conname::text = pg_catalog.format('targetqueue_%s_fkey', col)
		) OR NOT EXISTS (
			SELECT FROM pg_attribute WHERE attrelid = 'public.targetqueue'::regclass::oid AND attname = col::name
		) OR NOT EXISTS (
			SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
			WHERE i.indrelid = to_regclass('public.' || parent)::oid AND a.attname = parent_key::name
				AND i.indisunique AND i.indnatts = 1 AND i.indpred IS NULL
		);
		EXECUTE pg_catalog.format('DELETE FROM public.targetqueue c WHERE %1$I IS NOT NULL'
			' AND NOT EXISTS (SELECT FROM public.%2$I p WHERE p.%3$I = c.%1$I)', col, parent, parent_key);
		EXECUTE pg_catalog.format('ALTER TABLE public.targetqueue ADD CONSTRAINT %4$I'
			' FOREIGN KEY (%1$I) REFERENCES public.%2$I (%3$I)', col, parent, parent_key,
			pg_catalog.format('targetqueue_%s_fkey', col));
	END LOOP;
END
$$;

DO $$
BEGIN
	IF to_regclass('public.miscfile_collection') IS NULL AND EXISTS (
		SELECT FROM pg_class r
		WHERE r.oid = to_regclass('retired.miscfile_collection')::oid AND r.relkind = 'r' AND r.relowner IN (
			SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
			UNION SELECT oid FROM pg_roles WHERE rolsuper
		)
	) THEN
		ALTER TABLE retired.miscfile_collection SET SCHEMA public;
	ELSIF to_regclass('public.miscfile_collection') IS NULL THEN
		CREATE TABLE public.miscfile_collection (
			id          serial PRIMARY KEY,
			name        text,
			description text,
			program_id  text
		);
		CREATE INDEX ix_miscfile_collection_description ON public.miscfile_collection (description);
		CREATE INDEX ix_miscfile_collection_name ON public.miscfile_collection (name);
		CREATE INDEX ix_miscfile_collection_program_id ON public.miscfile_collection (program_id);
	END IF;
END
$$;

DO $$
DECLARE
	col text;
	parent text;
	parent_key text;
BEGIN
	IF to_regclass('public.miscfile_collection_users') IS NULL AND EXISTS (
		SELECT FROM pg_class r
		WHERE r.oid = to_regclass('retired.miscfile_collection_users')::oid AND r.relkind = 'r' AND r.relowner IN (
			SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
			UNION SELECT oid FROM pg_roles WHERE rolsuper
		)
	) THEN
		ALTER TABLE retired.miscfile_collection_users SET SCHEMA public;
	ELSIF to_regclass('public.miscfile_collection_users') IS NULL THEN
		CREATE TABLE public.miscfile_collection_users (
			collection_id integer,
			user_id       integer
		);
	END IF;

	FOR col, parent, parent_key IN
		VALUES ('collection_id', 'miscfile_collection', 'id'), ('user_id', 'users', 'id')
	LOOP
		CONTINUE WHEN EXISTS (
			SELECT FROM pg_constraint
			WHERE conrelid = 'public.miscfile_collection_users'::regclass::oid
				AND conname::text = pg_catalog.format('miscfile_collection_users_%s_fkey', col)
		) OR NOT EXISTS (
			SELECT FROM pg_attribute WHERE attrelid = 'public.miscfile_collection_users'::regclass::oid AND attname = col::name
		) OR NOT EXISTS (
			SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
			WHERE i.indrelid = to_regclass('public.' || parent)::oid AND a.attname = parent_key::name
				AND i.indisunique AND i.indnatts = 1 AND i.indpred IS NULL
		);
		EXECUTE pg_catalog.format('DELETE FROM public.miscfile_collection_users c WHERE %1$I IS NOT NULL'
			' AND NOT EXISTS (SELECT FROM public.%2$I p WHERE p.%3$I = c.%1$I)', col, parent, parent_key);
		EXECUTE pg_catalog.format('ALTER TABLE public.miscfile_collection_users ADD CONSTRAINT %4$I'
			' FOREIGN KEY (%1$I) REFERENCES public.%2$I (%3$I)', col, parent, parent_key,
			pg_catalog.format('miscfile_collection_users_%s_fkey', col));
	END LOOP;
END
$$;

DO $$
DECLARE
	col text;
	parent text;
	parent_key text;
BEGIN
	IF to_regclass('public.miscfile_folder') IS NULL AND EXISTS (
		SELECT FROM pg_class r
		WHERE r.oid = to_regclass('retired.miscfile_folder')::oid AND r.relkind = 'r' AND r.relowner IN (
			SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
			UNION SELECT oid FROM pg_roles WHERE rolsuper
		)
	) THEN
		ALTER TABLE retired.miscfile_folder SET SCHEMA public;
	ELSIF to_regclass('public.miscfile_folder') IS NULL THEN
		CREATE TABLE public.miscfile_folder (
			id            serial PRIMARY KEY,
			name          text,
			folder_id     integer,
			collection_id integer,
			release       timestamp NOT NULL,
			description   text,
			program_id    text
		);
		CREATE INDEX ix_miscfile_folder_collection_id ON public.miscfile_folder (collection_id);
		CREATE INDEX ix_miscfile_folder_folder_id ON public.miscfile_folder (folder_id);
		CREATE INDEX ix_miscfile_folder_name ON public.miscfile_folder (name);
		CREATE INDEX ix_miscfile_folder_program_id ON public.miscfile_folder (program_id);
	END IF;

	FOR col, parent, parent_key IN
		VALUES ('folder_id', 'miscfile_folder', 'id'), ('collection_id', 'miscfile_collection', 'id')
	LOOP
		CONTINUE WHEN EXISTS (
			SELECT FROM pg_constraint
			WHERE conrelid = 'public.miscfile_folder'::regclass::oid
				AND conname::text = pg_catalog.format('miscfile_folder_%s_fkey', col)
		) OR NOT EXISTS (
			SELECT FROM pg_attribute WHERE attrelid = 'public.miscfile_folder'::regclass::oid AND attname = col::name
		) OR NOT EXISTS (
			SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
			WHERE i.indrelid = to_regclass('public.' || parent)::oid AND a.attname = parent_key::name
				AND i.indisunique AND i.indnatts = 1 AND i.indpred IS NULL
		);
		EXECUTE pg_catalog.format('DELETE FROM public.miscfile_folder c WHERE %1$I IS NOT NULL'
			' AND NOT EXISTS (SELECT FROM public.%2$I p WHERE p.%3$I = c.%1$I)', col, parent, parent_key);
		EXECUTE pg_catalog.format('ALTER TABLE public.miscfile_folder ADD CONSTRAINT %4$I'
			' FOREIGN KEY (%1$I) REFERENCES public.%2$I (%3$I)', col, parent, parent_key,
			pg_catalog.format('miscfile_folder_%s_fkey', col));
	END LOOP;
END
$$;

DO $$
DECLARE
	col text;
	parent text;
	parent_key text;
BEGIN
	IF to_regclass('public.miscfile_plus') IS NULL AND EXISTS (
		SELECT FROM pg_class r
		WHERE r.oid = to_regclass('retired.miscfile_plus')::oid AND r.relkind = 'r' AND r.relowner IN (
			SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
			UNION SELECT oid FROM pg_roles WHERE rolsuper
		)
	) THEN
		ALTER TABLE retired.miscfile_plus SET SCHEMA public;
	ELSIF to_regclass('public.miscfile_plus') IS NULL THEN
		CREATE TABLE public.miscfile_plus (
			id            serial PRIMARY KEY,
			folder_id     integer,
			collection_id integer,
			release       timestamp NOT NULL,
			description   text,
			program_id    text,
			filename      text,
			size          integer,
			last_modified timestamp
		);
		CREATE INDEX ix_miscfile_plus_collection_id ON public.miscfile_plus (collection_id);
		CREATE INDEX ix_miscfile_plus_filename ON public.miscfile_plus (filename);
		CREATE INDEX ix_miscfile_plus_folder_id ON public.miscfile_plus (folder_id);
		CREATE INDEX ix_miscfile_plus_last_modified ON public.miscfile_plus (last_modified);
		CREATE INDEX ix_miscfile_plus_program_id ON public.miscfile_plus (program_id);
		CREATE INDEX ix_miscfile_plus_size ON public.miscfile_plus (size);
	END IF;

	FOR col, parent, parent_key IN
		VALUES ('folder_id', 'miscfile_folder', 'id'), ('collection_id', 'miscfile_collection', 'id')
	LOOP
		CONTINUE WHEN EXISTS (
			SELECT FROM pg_constraint
			WHERE conrelid = 'public.miscfile_plus'::regclass::oid
				AND conname::text = pg_catalog.format('miscfile_plus_%s_fkey', col)
		) OR NOT EXISTS (
			SELECT FROM pg_attribute WHERE attrelid = 'public.miscfile_plus'::regclass::oid AND attname = col::name
		) OR NOT EXISTS (
			SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
			WHERE i.indrelid = to_regclass('public.' || parent)::oid AND a.attname = parent_key::name
				AND i.indisunique AND i.indnatts = 1 AND i.indpred IS NULL
		);
		EXECUTE pg_catalog.format('DELETE FROM public.miscfile_plus c WHERE %1$I IS NOT NULL'
			' AND NOT EXISTS (SELECT FROM public.%2$I p WHERE p.%3$I = c.%1$I)', col, parent, parent_key);
		EXECUTE pg_catalog.format('ALTER TABLE public.miscfile_plus ADD CONSTRAINT %4$I'
			' FOREIGN KEY (%1$I) REFERENCES public.%2$I (%3$I)', col, parent, parent_key,
			pg_catalog.format('miscfile_plus_%s_fkey', col));
	END LOOP;
END
$$;

-- Nothing else is in retired: what later migrations put there has come back before. A schema that a superuser
-- has made stays.
DO $$
BEGIN
	IF EXISTS (
		SELECT FROM pg_namespace WHERE nspname = 'retired' AND pg_catalog.pg_has_role(nspowner, 'USAGE')
	) AND NOT EXISTS (
		SELECT FROM pg_depend
		WHERE refclassid = 'pg_namespace'::regclass::oid AND refobjid = to_regnamespace('retired')::oid
			AND deptype = 'n'
	) THEN
		DROP SCHEMA retired;
	END IF;
END
$$;
