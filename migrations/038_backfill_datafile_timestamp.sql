-- Files are deleted in the order of the time in their names, and rows from before migration 17 had none. Where there is
-- no such date as the name has, or none in it, lastmod takes its place.

-- migrate:up transaction:false
-- The date is eight digits: of N20200701S0001.fits from the second character on, of img_20200701_0001.fits from the
-- fifth, of SDCH_20200701_0001.fits from the sixth. Whether there is such a day is found out by arithmetic, so that no
-- name makes the statement fail: a month has as many days as there are from its first to the next one's.
-- migrate:batch table=diskfile key=id rows=500
UPDATE diskfile
SET datafile_timestamp = coalesce(
	(SELECT CASE WHEN month.day BETWEEN 1 AND (month.first + interval '1 month')::date - month.first
			THEN (month.first + (month.day - 1))::timestamp AT TIME ZONE 'UTC' END
		FROM (SELECT CASE WHEN part.year >= 1 AND part.month BETWEEN 1 AND 12
					THEN make_date(part.year, part.month, 1) END, part.day
			FROM (SELECT substr(name.digits, 1, 4)::integer, substr(name.digits, 5, 2)::integer,
					substr(name.digits, 7, 2)::integer
				FROM (SELECT CASE
						WHEN filename ~ '^[NS][0-9]{8}' THEN substr(filename, 2, 8)
						WHEN filename ~ '^img_[0-9]{8}' THEN substr(filename, 5, 8)
						WHEN filename ~ '^[A-Z]{4}_[0-9]{8}' THEN substr(filename, 6, 8)
					END) name (digits)) part (year, month, day)) month (first, day)),
	lastmod)
WHERE id >= $1 AND id < $2 AND datafile_timestamp IS NULL;

-- migrate:down
-- Nothing: which values were filled in is not known any more, and they do no harm.
