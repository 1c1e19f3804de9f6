-- Whoever the script becomes, the version is recorded by who we are, and as we write it.

-- migrate:up
SET LOCAL ROLE apache;
SET LOCAL client_encoding = 'LATIN1';

-- migrate:down
SELECT 'ö';
