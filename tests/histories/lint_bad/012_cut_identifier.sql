-- The name has 76 bytes, and the column is called by the first 63 of them.

-- migrate:up
ALTER TABLE header ADD COLUMN
	position_angle_of_the_instrument_on_the_sky_at_the_beginning_of_the_exposure double precision;

-- migrate:down
-- Nothing: the tests drop the database.
