-- The names of our statements, except the first two: those are prepared before any migration.

-- migrate:up transaction:false
PREPARE fitsdb_schema_3 AS SELECT 3;
PREPARE fitsdb_schema_4 AS SELECT 4;
PREPARE fitsdb_schema_5 AS SELECT 5;

-- migrate:down
-- Nothing was done.
