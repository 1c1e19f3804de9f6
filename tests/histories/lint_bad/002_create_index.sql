-- Writers of header wait until the index is built.

-- migrate:up
CREATE INDEX ix_header_object ON header (object);

-- migrate:down
-- Nothing: the tests drop the database.
