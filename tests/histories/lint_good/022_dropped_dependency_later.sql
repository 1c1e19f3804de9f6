-- No release uses the view any more.

-- migrate:up
-- lint:allow dropped-dependency: the last release that read it was retired with the one before this
DROP VIEW bias;

-- migrate:down
-- Nothing: the tests drop the database.
