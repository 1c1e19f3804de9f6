-- Other roles see all rows as before, until there is another policy.

-- migrate:up
CREATE POLICY preview_all ON preview USING (true);
ALTER TABLE preview ENABLE ROW LEVEL SECURITY;

-- migrate:down
-- Nothing: the tests drop the database.
