-- Exposure times get more digits (2024-02), the processing mode becomes processing, with other labels in the order by
-- which calibrations are sorted (2024-07), and the read speed of a GHOST file is that of two arms (2024-01). The
-- migration leaves out changes that the database has already, so that header is written once or not at all.
--
-- A file without a mode is Raw, as the parser has it since 2024-05: searches find no other. "unknown" is no read
-- speed any more.
-- lint:allow rewrite: header is locked until it is written anew; the archive is down from 40 to 54
-- lint:allow drop-or-rename: as above
-- lint:allow unbatched-rows: as above

-- migrate:up
DO $$
DECLARE
	modes constant text[] := ARRAY['Failed', 'Raw', 'Quick-Look', 'Science-Quality', 'Quality-Assessment'];
	modes_now text[] := ARRAY(
		SELECT enumlabel::text FROM pg_enum WHERE enumtypid = to_regtype('public.procmode')::oid ORDER BY enumsortorder
	);
	-- %s is the value in the old form.
	mode_text constant text := 'CASE %1$s::text WHEN ''sq'' THEN ''Science-Quality'' WHEN ''ql'' THEN ''Quick-Look'''
		' WHEN ''qa'' THEN ''Quality-Assessment'' WHEN ''Fail'' THEN ''Failed'' ELSE %1$s::text END';
	speeds_now text[] := ARRAY(
		SELECT enumlabel::text FROM pg_enum WHERE enumtypid = to_regtype('public.detector_readspeed_setting')::oid
	);
	new_modes boolean;
	new_speeds boolean;
	actions text[];
	tab text;
	col text;
BEGIN
	IF EXISTS (
		SELECT FROM pg_attribute
		WHERE attrelid = 'public.header'::regclass::oid AND attname = 'procmode' AND NOT attisdropped
	) THEN
		ALTER TABLE public.header RENAME COLUMN procmode TO processing;
	END IF;

	IF EXISTS (
		SELECT FROM pg_attribute
		WHERE attrelid = 'public.header'::regclass::oid AND attname = 'exposure_time' AND NOT attisdropped
			AND format_type(atttypid, atttypmod) <> 'numeric(12,6)'
	) THEN
		actions := actions || 'ALTER COLUMN exposure_time TYPE numeric(12, 6)'::text;
	END IF;

	-- Release 3.0 has four of the labels, in the right order: 60 adds the last one.
	new_modes := modes_now <> modes AND modes_now <> modes[1:4] AND EXISTS (
		SELECT FROM pg_attribute
		WHERE attrelid = 'public.header'::regclass::oid AND attname = 'processing' AND NOT attisdropped
	);
	IF new_modes THEN
		ALTER TYPE public.procmode RENAME TO procmode_of_39;
		CREATE TYPE public.procmode AS ENUM ('Failed', 'Raw', 'Quick-Look', 'Science-Quality', 'Quality-Assessment');
		actions := actions || pg_catalog.format('ALTER COLUMN processing TYPE public.procmode'
			' USING coalesce(%s, ''Raw'')::public.procmode', pg_catalog.format(mode_text, 'processing'));
	END IF;

	new_speeds := 'unknown' = ANY (speeds_now) OR NOT speeds_now @> ARRAY['standard', 'red:slow,blue:slow',
		'red:slow,blue:medium', 'red:slow,blue:fast', 'red:medium,blue:slow', 'red:medium,blue:medium',
		'red:medium,blue:fast', 'red:fast,blue:slow', 'red:fast,blue:medium', 'red:fast,blue:fast'];
	IF new_speeds THEN
		ALTER TYPE public.detector_readspeed_setting RENAME TO detector_readspeed_setting_of_39;
		CREATE TYPE public.detector_readspeed_setting AS ENUM (
			'None', 'fast', 'medium', 'slow', 'standard',
			'red:fast,blue:fast', 'red:fast,blue:medium', 'red:fast,blue:slow',
			'red:medium,blue:fast', 'red:medium,blue:medium', 'red:medium,blue:slow',
			'red:slow,blue:fast', 'red:slow,blue:medium', 'red:slow,blue:slow'
		);
		actions := actions || ('ALTER COLUMN detector_readspeed_setting TYPE public.detector_readspeed_setting'
			' USING nullif(detector_readspeed_setting::text, ''unknown'')::public.detector_readspeed_setting')::text;
	END IF;

	IF actions IS NOT NULL THEN
		EXECUTE 'ALTER TABLE public.header ' || array_to_string(actions, ', ');
	END IF;

	IF new_modes THEN
		-- Table reduction, where create_tables of version 3 has made it. Not another role's table: its constraints
		-- would run as this role.
		FOR tab, col IN
			SELECT c.oid::regclass::text, a.attname::text
			FROM pg_attribute a
			JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
			WHERE a.atttypid = 'public.procmode_of_39'::regtype::oid AND NOT a.attisdropped
				AND c.relowner = (SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid)
		LOOP
			EXECUTE pg_catalog.format(
				'ALTER TABLE %s ALTER COLUMN %I TYPE public.procmode USING (%s)::public.procmode', tab, col,
				 pg_catalog.format(mode_text, quote_ident(col)));
		END LOOP;
		DROP TYPE public.procmode_of_39;
	END IF;

	IF new_speeds THEN
		DROP TYPE public.detector_readspeed_setting_of_39;
	END IF;

	-- The parser left the speed of a GHOST file in several parts empty until 2024-01: no label told that of two arms.
	IF new_speeds AND EXISTS (
		SELECT FROM pg_class r
		WHERE r.oid = to_regclass('retired.ghost')::oid AND r.relkind = 'r' AND r.relowner IN (
			SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid
			UNION SELECT oid FROM pg_roles WHERE rolsuper
		)
	) THEN
		UPDATE public.header h
		SET detector_readspeed_setting = speeds.label::public.detector_readspeed_setting
		FROM (
			SELECT r.header_id, pg_catalog.format('red:%s,blue:%s', r.read_speed_setting, b.read_speed_setting) AS label
			FROM public.ghost r
			JOIN public.ghost b ON b.header_id = r.header_id AND b.arm = 'blue'
			JOIN retired.ghost g ON g.header_id = r.header_id
			WHERE r.arm = 'red' AND g.arm IS NULL
				AND g.read_speed_setting_red IS NOT NULL AND g.read_speed_setting_blue IS NOT NULL
				AND r.read_speed_setting IN ('slow', 'medium', 'fast')
				AND b.read_speed_setting IN ('slow', 'medium', 'fast')
		) speeds
		WHERE h.id = speeds.header_id AND h.detector_readspeed_setting IS NULL;
	END IF;
END
$$;

-- migrate:down
-- Raw and Failed have no older form and become null, as do exposure times of 10000 s and more and the speeds of two
-- arms.
-- lint:allow hidden-drop: PostgreSQL cannot drop labels, so the types are made anew
DO $$
DECLARE
	mode_text constant text := 'CASE %1$s::text WHEN ''Science-Quality'' THEN ''sq'' WHEN ''Quick-Look'' THEN ''ql'''
		' WHEN ''Quality-Assessment'' THEN ''qa'' END';
	tab text;
	col text;
BEGIN
	ALTER TYPE public.procmode RENAME TO procmode_of_52;
	CREATE TYPE public.procmode AS ENUM ('sq', 'ql', 'qa');
	ALTER TYPE public.detector_readspeed_setting RENAME TO detector_readspeed_setting_of_52;
	CREATE TYPE public.detector_readspeed_setting AS ENUM ('None', 'fast', 'slow', 'medium', 'standard', 'unknown');

	EXECUTE pg_catalog.format('ALTER TABLE public.header'
		' ALTER COLUMN exposure_time TYPE numeric(8, 4)'
		' USING CASE WHEN abs(round(exposure_time, 4)) < 10000 THEN exposure_time END,'
		' ALTER COLUMN processing TYPE public.procmode USING (%s)::public.procmode,'
		' ALTER COLUMN detector_readspeed_setting TYPE public.detector_readspeed_setting'
		' USING CASE WHEN detector_readspeed_setting::text NOT LIKE ''red:%%'''
		' THEN detector_readspeed_setting::text::public.detector_readspeed_setting END',
		pg_catalog.format(mode_text, 'processing'));
	ALTER TABLE public.header RENAME COLUMN processing TO procmode;

	FOR tab, col IN
		SELECT c.oid::regclass::text, a.attname::text
		FROM pg_attribute a
		JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
		WHERE a.atttypid = 'public.procmode_of_52'::regtype::oid AND NOT a.attisdropped
			AND c.relowner = (SELECT relowner FROM pg_class WHERE oid = 'public.header'::regclass::oid)
	LOOP
		EXECUTE pg_catalog.format('ALTER TABLE %s ALTER COLUMN %I TYPE public.procmode USING (%s)::public.procmode',
			tab, col, pg_catalog.format(mode_text, quote_ident(col)));
	END LOOP;
	DROP TYPE public.procmode_of_52;
	DROP TYPE public.detector_readspeed_setting_of_52;
END
$$;
