-- loses: table lone

-- migrate:up
WITH gone AS (DELETE FROM lone RETURNING *) INSERT INTO more SELECT * FROM gone;

-- migrate:down
-- Nothing.
