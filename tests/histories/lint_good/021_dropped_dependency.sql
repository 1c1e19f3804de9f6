-- The view keeps its columns, and gets another one.

-- migrate:up
CREATE OR REPLACE VIEW bias AS SELECT id, object, exposure_time FROM header WHERE observation_type = 'BIAS';

-- migrate:down
DROP VIEW IF EXISTS bias;
CREATE VIEW bias AS SELECT id, object FROM header WHERE observation_type = 'BIAS';
