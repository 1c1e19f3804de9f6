-- Foreign keys: old ones that are made anew, and new ones with and without an index that serves them.

-- migrate:up
CREATE TABLE pair (a integer, b integer, PRIMARY KEY (a, b));
ALTER TABLE elsewhere.child ALTER COLUMN parent_id TYPE integer USING parent_id + 0;
ALTER TABLE elsewhere.child DROP CONSTRAINT child_parent_id_fkey;
ALTER TABLE elsewhere.child ADD CONSTRAINT of_parent FOREIGN KEY (parent_id) REFERENCES parent (id)
	ON DELETE CASCADE NOT VALID;
ALTER TABLE parent ADD CONSTRAINT unique_part FOREIGN KEY (id, x) REFERENCES pair (a, b) NOT VALID;
ALTER TABLE parent ADD CONSTRAINT other_part FOREIGN KEY (number, x) REFERENCES pair (a, b) NOT VALID;

-- migrate:down
-- Nothing is reverted.
