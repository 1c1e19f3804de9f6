-- New rows are checked from here on.

-- migrate:up
ALTER TABLE header ADD CONSTRAINT header_exposure_time_check CHECK (exposure_time >= 0) NOT VALID;

-- migrate:down
-- Nothing: the tests drop the database.
