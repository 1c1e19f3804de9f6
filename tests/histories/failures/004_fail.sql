-- The server counts positions in characters; these have up to four bytes each.

-- migrate:up
CREATE TABLE lost (id integer);
SELECT 'é€😀',
	'漢字', no_such_column
FROM item;

-- migrate:down
-- There is nothing to undo.
