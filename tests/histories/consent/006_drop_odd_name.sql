-- loses: column a b of table Odd name

-- migrate:up
ALTER TABLE "Odd name" DROP "a b";

-- migrate:down
-- Nothing.
