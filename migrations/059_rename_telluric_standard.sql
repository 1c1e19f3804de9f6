-- "telluric" is the official name of the calibration since 2025-03. spectwilight, which no row has after 58, becomes
-- the new type standard. Reductions can take bundles of files apart, in one of several ways.

-- migrate:up
-- lint:allow dropped-dependency: the archive is down, and no row has a label that is renamed to another meaning
DO $$
DECLARE
	labels text[] := ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = to_regtype('public.caltype')::oid);
BEGIN
	IF 'telluric_standard' = ANY (labels) THEN
		IF 'telluric' = ANY (labels) THEN
			UPDATE public.calcache SET caltype = 'telluric' WHERE caltype = 'telluric_standard';
		ELSE
			ALTER TYPE public.caltype RENAME VALUE 'telluric_standard' TO 'telluric';
		END IF;
	END IF;

	IF 'spectwilight' = ANY (labels) THEN
		IF EXISTS (SELECT FROM public.calcache WHERE caltype = 'spectwilight') THEN
			RAISE EXCEPTION 'calcache has rows of type spectwilight again'
				USING HINT = 'Stop the archive''s daemons, run "DELETE FROM calcache WHERE caltype = ''spectwilight''",'
					' and upgrade.';
		END IF;
		IF 'standard' <> ALL (labels) THEN
			ALTER TYPE public.caltype RENAME VALUE 'spectwilight' TO 'standard';
		END IF;
	END IF;

	IF to_regtype('public.debundle_options') IS NULL THEN
		CREATE TYPE public.debundle_options AS ENUM (
			'INDIVIDUAL', 'ALL', 'GHOST', 'GHOST-SLIT', 'GHOST-REDBLUE', 'IGRINS-2'
		);
	END IF;
END
$$;

-- migrate:down
-- Rows of types that older software does not know are deleted: it is a cache. The labels of 60 remain.
DROP TYPE IF EXISTS debundle_options;
DO $$
DECLARE
	labels text[] := ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = to_regtype('public.caltype')::oid);
BEGIN
	DELETE FROM public.calcache
	WHERE caltype::text IN ('processed_telluric', 'processed_slitflat', 'processed_slit');

	IF 'telluric' = ANY (labels) AND 'telluric_standard' <> ALL (labels) THEN
		ALTER TYPE public.caltype RENAME VALUE 'telluric' TO 'telluric_standard';
	END IF;

	IF 'standard' = ANY (labels) AND 'spectwilight' <> ALL (labels) THEN
		DELETE FROM public.calcache WHERE caltype = 'standard';
		ALTER TYPE public.caltype RENAME VALUE 'standard' TO 'spectwilight';
	END IF;
END
$$;
