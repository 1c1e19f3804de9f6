-- A deferred constraint finds only at the end what the script has done.

-- migrate:up
CREATE TABLE late (id integer REFERENCES base (id) DEFERRABLE INITIALLY DEFERRED);
INSERT INTO late VALUES (17);

-- migrate:down
DROP TABLE late;
