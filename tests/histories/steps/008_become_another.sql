-- The script changes the role; the version is still recorded as the owner.

-- migrate:up
SET LOCAL ROLE apache;
SET LOCAL client_encoding = 'LATIN1';

-- migrate:down
SELECT 'ö';
