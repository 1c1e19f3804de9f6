-- Rows from before migration 29 had no array name. It is what amp_read_area says, without the pixels and the quotes:
-- ['EEV_9273-16-03, right':[1:1024,1:4608]] is [EEV_9273-16-03, right].

-- migrate:up transaction:false
-- migrate:batch table=gmos key=id rows=500
UPDATE gmos
SET array_name = replace(regexp_replace(amp_read_area, ':\[[^]]*\]', '', 'g'), '''', '')
WHERE id >= $1 AND id < $2 AND array_name IS NULL AND amp_read_area IS NOT NULL;

-- migrate:down
-- Nothing: which values were filled in is not known any more, and they do no harm.
