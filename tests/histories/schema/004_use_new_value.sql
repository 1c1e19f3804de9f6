-- Cannot be tried in one transaction.

-- migrate:up transaction:false
ALTER TYPE colour ADD VALUE IF NOT EXISTS 'blue' AFTER 'red';
UPDATE box SET colour = 'blue' WHERE colour = 'green';

-- migrate:down
-- The value stays.
UPDATE box SET colour = 'green' WHERE colour = 'blue';
