-- keeps: everything

-- migrate:up transaction:false
CREATE TABLE IF NOT EXISTS staging (id integer PRIMARY KEY);
INSERT INTO staging SELECT id FROM lone ON CONFLICT DO NOTHING;
DELETE FROM staging WHERE id < 5;
DROP TABLE IF EXISTS staging;

-- migrate:down
-- Nothing.
