-- Names that others would have had, but for the first, which is prepared before anything is run.

-- migrate:up transaction:false
PREPARE fitsdb_schema_2 AS SELECT 2;
PREPARE fitsdb_schema_3 AS SELECT 3;
PREPARE fitsdb_schema_4 AS SELECT 4;

-- migrate:down
-- Nothing was done.
