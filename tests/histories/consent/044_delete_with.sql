-- loses: table lone

-- migrate:up
WITH gone AS (DELETE FROM lone RETURNING id) SELECT count(*) FROM gone;

-- migrate:down
-- Nothing.
