-- Files whose headers call them a STANDARD could not be ingested.

-- migrate:up transaction:false
ALTER TYPE obstype ADD VALUE IF NOT EXISTS 'STANDARD';

-- migrate:down
-- Nothing: PostgreSQL cannot drop a value of an enum, and one that no row uses does no harm.
