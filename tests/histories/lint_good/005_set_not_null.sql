-- New rows must have an object from here on.

-- migrate:up
ALTER TABLE header ADD CONSTRAINT header_object_present CHECK (object IS NOT NULL) NOT VALID;

-- migrate:down
-- Nothing: the tests drop the database.
