-- keeps: everything

-- migrate:up
LOCK TABLE more;
SELECT late('ALTER TABLE public.late DROP a');

-- migrate:down
-- Nothing.
