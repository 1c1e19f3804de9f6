-- keeps: everything

-- migrate:up transaction:false
CREATE TABLE IF NOT EXISTS made AS SELECT * FROM lone;
VACUUM lone;
COMMENT ON TABLE lone IS 'copied';
TRUNCATE made;
DROP TABLE IF EXISTS made;

-- migrate:down
-- Nothing.
