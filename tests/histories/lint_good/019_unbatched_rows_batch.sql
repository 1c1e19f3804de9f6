-- Objects in lower case, a part at a time.

-- migrate:up transaction:false
-- migrate:batch table=header key=id rows=1000
UPDATE header SET object = lower(object)
 WHERE object <> lower(object) AND id >= $1 AND id < $2;

-- migrate:down
-- Nothing: the tests drop the database.
