-- Nobody reads header until every row was checked.

-- migrate:up
ALTER TABLE header ADD CONSTRAINT header_exposure_time_check CHECK (exposure_time >= 0);

-- migrate:down
-- Nothing: the tests drop the database.
