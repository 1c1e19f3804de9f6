-- keeps: everything

-- migrate:up
CREATE TABLE pointing (id integer REFERENCES lone DEFERRABLE INITIALLY DEFERRED);
INSERT INTO pointing VALUES (1);

-- migrate:down
-- Nothing.
