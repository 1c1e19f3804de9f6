-- loses: table lone

-- migrate:up
PREPARE gone AS DELETE FROM lone;
EXECUTE gone;
DEALLOCATE gone;

-- migrate:down
-- Nothing.
