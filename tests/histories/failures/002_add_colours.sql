-- Non-transactional; the second statement waits for locks on the table.

-- migrate:up transaction:false
ALTER TYPE colour ADD VALUE IF NOT EXISTS 'green';
UPDATE item SET weight = 1 WHERE weight IS NULL;
ALTER TYPE colour ADD VALUE IF NOT EXISTS 'blue';

-- migrate:down
-- An enum's labels stay.
