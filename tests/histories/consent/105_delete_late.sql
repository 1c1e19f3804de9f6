-- keeps: everything

-- migrate:up
LOCK TABLE more;
SELECT late('DELETE FROM public.late');

-- migrate:down
-- Nothing.
