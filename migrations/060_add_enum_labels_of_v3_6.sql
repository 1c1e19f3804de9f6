-- Values that releases 3.3 to 3.6 know. A database has some of them by the renaming of 48 and 59, or from its models.

-- migrate:up transaction:false
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'pinhole';
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'processed_pinhole';
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'telluric';
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'standard';
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'processed_telluric';
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'processed_slitflat';
ALTER TYPE caltype ADD VALUE IF NOT EXISTS 'processed_slit';
ALTER TYPE obsclass ADD VALUE IF NOT EXISTS 'nightCal';
ALTER TYPE procmode ADD VALUE IF NOT EXISTS 'Quality-Assessment';
ALTER TYPE debundle_options ADD VALUE IF NOT EXISTS 'GHOST-SLIT';
ALTER TYPE debundle_options ADD VALUE IF NOT EXISTS 'GHOST-REDBLUE';

-- migrate:down
-- Nothing: PostgreSQL cannot drop values of an enum.
