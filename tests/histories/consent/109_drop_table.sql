-- loses: table Odd name

-- migrate:up
DROP TABLE "Odd name";

-- migrate:down
-- Nothing.
