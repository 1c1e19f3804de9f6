-- keeps: everything

-- migrate:up
ALTER TABLE grandchild DROP CONSTRAINT grandchild_child_id_fkey;
ALTER TABLE lone DROP CONSTRAINT lone_pkey;

-- migrate:down
-- Nothing.
