-- Calibration types got new names in 2023-09, and a comma that had been forgotten joined two labels of reduction_state
-- until 2024-02. A label is renamed where the new one is missing: bpm, which no row has after 47, to processed_pinhole.

-- migrate:up
-- lint:allow dropped-dependency: the archive is down, and no row has a label that is renamed to another meaning
DO $$
DECLARE
	labels text[] := ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = to_regtype('public.caltype')::oid);
	states text[] := ARRAY(
		SELECT enumlabel::text FROM pg_enum WHERE enumtypid = to_regtype('public.reduction_state')::oid
	);
BEGIN
	IF 'pinhole_mask' = ANY (labels) THEN
		IF 'pinhole' = ANY (labels) THEN
			UPDATE public.calcache SET caltype = 'pinhole' WHERE caltype = 'pinhole_mask';
		ELSE
			ALTER TYPE public.caltype RENAME VALUE 'pinhole_mask' TO 'pinhole';
		END IF;
	END IF;

	IF 'bpm' = ANY (labels) THEN
		IF EXISTS (SELECT FROM public.calcache WHERE caltype = 'bpm') THEN
			RAISE EXCEPTION 'calcache has rows of type bpm again'
				USING HINT = 'Stop the archive''s daemons, run "DELETE FROM calcache WHERE caltype = ''bpm''", and'
					' upgrade.';
		END IF;
		IF 'processed_pinhole' <> ALL (labels) THEN
			ALTER TYPE public.caltype RENAME VALUE 'bpm' TO 'processed_pinhole';
		END IF;
	END IF;

	IF 'PROCESSED_BPMPROCESSED_STANDARD' = ANY (states) AND 'PROCESSED_BPM' <> ALL (states) THEN
		ALTER TYPE public.reduction_state RENAME VALUE 'PROCESSED_BPMPROCESSED_STANDARD' TO 'PROCESSED_BPM';
	END IF;
END
$$;

-- migrate:down
-- Rows of type processed_pinhole are deleted: it is a cache, and older software does not know the type.
DO $$
DECLARE
	labels text[] := ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = to_regtype('public.caltype')::oid);
BEGIN
	IF 'pinhole' = ANY (labels) AND 'pinhole_mask' <> ALL (labels) THEN
		ALTER TYPE public.caltype RENAME VALUE 'pinhole' TO 'pinhole_mask';
	END IF;

	IF 'processed_pinhole' = ANY (labels) AND 'bpm' <> ALL (labels) THEN
		DELETE FROM public.calcache WHERE caltype = 'processed_pinhole';
		ALTER TYPE public.caltype RENAME VALUE 'processed_pinhole' TO 'bpm';
	END IF;
END
$$;
