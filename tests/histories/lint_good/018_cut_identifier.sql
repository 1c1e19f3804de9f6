-- A name that fits.

-- migrate:up
ALTER TABLE header ADD COLUMN position_angle_at_start double precision;

-- migrate:down
-- Nothing: the tests drop the database.
