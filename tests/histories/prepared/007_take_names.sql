-- Names that others would have had, but for the first two, which are prepared before anything is run.

-- migrate:up transaction:false
PREPARE fitsdb_schema_3 AS SELECT 3;
PREPARE fitsdb_schema_4 AS SELECT 4;
PREPARE fitsdb_schema_5 AS SELECT 5;

-- migrate:down
-- Nothing was done.
