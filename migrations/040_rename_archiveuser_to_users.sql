-- The archive's software of version 3 (2023) calls the accounts users, and their staff mark staff; 55 gives the mark
-- its old name back. Somebody may have run create_tables of version 3 on the old database: then there is an empty
-- table users beside the old one. From here to 54 no release of the software fits, so the archive is down.

-- migrate:up
-- lint:allow drop-or-rename: the archive is down from here to 54
DO $$
BEGIN
	IF to_regclass('public.archiveuser') IS NULL THEN
		RETURN;
	END IF;

	IF to_regclass('public.users') IS NOT NULL THEN
		IF EXISTS (SELECT FROM public.users) THEN
			RAISE EXCEPTION 'the tables archiveuser and users both exist, and users has rows'
				USING HINT = 'Decide which accounts are the right ones, and delete the rows of users or rename it.';
		END IF;
		DROP TABLE public.users;
	END IF;

	IF EXISTS (
		SELECT FROM pg_attribute
		WHERE attrelid = 'public.archiveuser'::regclass::oid AND attname = 'gemini_staff' AND NOT attisdropped
	) THEN
		ALTER TABLE public.archiveuser RENAME COLUMN gemini_staff TO staff;
	END IF;
END
$$;
-- lint:allow drop-or-rename: as above
ALTER TABLE IF EXISTS archiveuser RENAME TO users;
ALTER SEQUENCE IF EXISTS archiveuser_id_seq RENAME TO users_id_seq;
ALTER INDEX IF EXISTS archiveuser_pkey RENAME TO users_pkey;
ALTER INDEX IF EXISTS ix_archiveuser_cookie RENAME TO ix_users_cookie;
ALTER INDEX IF EXISTS ix_archiveuser_orcid_id RENAME TO ix_users_orcid_id;
ALTER INDEX IF EXISTS ix_archiveuser_username RENAME TO ix_users_username;

-- migrate:down
ALTER TABLE IF EXISTS users RENAME TO archiveuser;
ALTER SEQUENCE IF EXISTS users_id_seq RENAME TO archiveuser_id_seq;
ALTER INDEX IF EXISTS users_pkey RENAME TO archiveuser_pkey;
ALTER INDEX IF EXISTS ix_users_cookie RENAME TO ix_archiveuser_cookie;
ALTER INDEX IF EXISTS ix_users_orcid_id RENAME TO ix_archiveuser_orcid_id;
ALTER INDEX IF EXISTS ix_users_username RENAME TO ix_archiveuser_username;
DO $$
BEGIN
	IF EXISTS (
		SELECT FROM pg_attribute
		WHERE attrelid = to_regclass('public.archiveuser')::oid AND attname = 'staff' AND NOT attisdropped
	) THEN
		ALTER TABLE public.archiveuser RENAME COLUMN staff TO gemini_staff;
	END IF;
END
$$;
