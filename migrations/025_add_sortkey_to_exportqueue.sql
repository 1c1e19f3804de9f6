-- Files are exported in the order of a sort key, as they are ingested. Those that wait already get one from the name: a
-- part of them at a time, since whoever takes files from the queue would wait for the whole of it.
-- lint:allow unbatched-rows: each is a twentieth of a short queue, and a transaction of its own

-- migrate:up transaction:false
ALTER TABLE exportqueue ADD COLUMN IF NOT EXISTS sortkey text;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 0;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 1;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 2;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 3;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 4;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 5;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 6;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 7;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 8;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 9;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 10;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 11;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 12;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 13;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 14;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 15;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 16;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 17;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 18;
UPDATE exportqueue SET sortkey = filename WHERE sortkey IS NULL AND id % 20 = 19;

-- migrate:down
ALTER TABLE exportqueue DROP COLUMN IF EXISTS sortkey;
