-- Names that are those of others.

-- migrate:up transaction:false
PREPARE fitsdb_schema_1 AS SELECT 1;
PREPARE fitsdb_schema_2 AS SELECT 2;
PREPARE fitsdb_schema_3 AS SELECT 3;

-- migrate:down
-- Nothing was done.
