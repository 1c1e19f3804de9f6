-- There are no associations of type spectwilight any more since 2025-03. The cache is filled again by its queue. 59 can
-- then rename the label, and leaves none over.

-- migrate:up transaction:false
-- migrate:batch table=calcache key=id rows=5000
DELETE FROM calcache WHERE id >= $1 AND id < $2 AND caltype::text = 'spectwilight';

-- migrate:down
-- Nothing: it is a cache.
