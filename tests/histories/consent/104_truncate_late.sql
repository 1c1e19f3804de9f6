-- keeps: everything

-- migrate:up
LOCK TABLE more;
SELECT late('TRUNCATE public.late');

-- migrate:down
-- Nothing.
