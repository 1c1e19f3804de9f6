-- keeps: everything

-- migrate:up transaction:false
ALTER TYPE kind ADD VALUE IF NOT EXISTS 'b';

-- migrate:down
-- Nothing.
