-- Which values an enum knows depended on how a database was made: by migrations, or from the data models of its day.
-- Every value that either way could miss is added here.

-- migrate:up transaction:false
ALTER TYPE obstype ADD VALUE IF NOT EXISTS 'STANDARD';
ALTER TYPE obstype ADD VALUE IF NOT EXISTS 'SLITILLUM';
ALTER TYPE obstype ADD VALUE IF NOT EXISTS 'BPM';

ALTER TYPE reduction_state ADD VALUE IF NOT EXISTS 'PROCESSED_STANDARD';
ALTER TYPE reduction_state ADD VALUE IF NOT EXISTS 'PROCESSED_SLITILLUM';
ALTER TYPE reduction_state ADD VALUE IF NOT EXISTS 'PROCESSED_BPM';
ALTER TYPE reduction_state ADD VALUE IF NOT EXISTS 'PROCESSED_UNKNOWN';

ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'processed_standard';
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'processed_slitillum';
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'slitillum';
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'bpm';
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'processed_bpm';

ALTER TYPE detector_gain_setting ADD VALUE IF NOT EXISTS 'standard';
ALTER TYPE detector_readspeed_setting ADD VALUE IF NOT EXISTS 'medium';
ALTER TYPE detector_readspeed_setting ADD VALUE IF NOT EXISTS 'standard';
ALTER TYPE detector_readspeed_setting ADD VALUE IF NOT EXISTS 'unknown';

ALTER TYPE ghost_gain_setting ADD VALUE IF NOT EXISTS 'standard';
ALTER TYPE ghost_read_speed_setting ADD VALUE IF NOT EXISTS 'medium';
ALTER TYPE ghost_read_speed_setting ADD VALUE IF NOT EXISTS 'standard';
ALTER TYPE ghost_read_speed_setting ADD VALUE IF NOT EXISTS 'unknown';

-- migrate:down
-- Nothing: PostgreSQL cannot drop values of an enum, and most of these belong to earlier migrations.
