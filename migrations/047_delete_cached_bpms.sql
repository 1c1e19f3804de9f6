-- There are no associations of type bpm any more since 2023-02: software looks for processed_bpm. The cache is filled
-- again by its queue. 48 can then rename the label, and leaves none over.

-- migrate:up transaction:false
-- migrate:batch table=calcache key=id rows=5000
DELETE FROM calcache WHERE id >= $1 AND id < $2 AND caltype::text = 'bpm';

-- migrate:down
-- Nothing: it is a cache.
