#!/bin/bash
# The schema of the latest version in one script makes what it was made of, whatever lines strings and functions have.
#
#   tests/throwaway.sh tests/snapshot.sh
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() {
	psql -qXAt -v ON_ERROR_STOP=1 "$@"
}

# All that is compared, as SQL.
read_all() {
	run -d "$1" -c "SELECT pg_get_functiondef('public.odd'::regproc), obj_description('public.t'::regclass)" \
		-c "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef ORDER BY 1" -c 'TABLE public.t' \
		-c "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
}

cat >"$work/given.sql" <<'SQL'
CREATE SCHEMA fitsdb_schema;
CREATE TABLE fitsdb_schema.standing AS SELECT 1 AS version, 'x' AS history;
CREATE TABLE public.t (a text DEFAULT 'it''s

--


SET b = 1;
\c', "b
--
""" integer);
COMMENT ON TABLE public.t IS '
-- one

SELECT pg_catalog.set_config(1);
\restrict $$';
INSERT INTO public.t VALUES ('
SET b = 2

', 1);
CREATE FUNCTION public.odd() RETURNS trigger LANGUAGE plpgsql AS $_$
-- a comment's line
BEGIN
SET search_path = 'public';


-- setval(1, 1, false);
RETURN NULL; -- $$ '
END $_$;
CREATE TRIGGER odd AFTER INSERT ON public.t EXECUTE PROCEDURE public.odd();
SQL
run -f "$work/given.sql"
gen/snapshot.sh >"$work/made.sql"
run -d postgres -c 'CREATE DATABASE made'
run -d made -c 'SET check_function_bodies = off' -f "$work/made.sql"
read_all "$PGDATABASE" >"$work/given"
read_all made >"$work/made"
diff "$work/given" "$work/made"
! grep -q '^SET default' "$work/made.sql" || { echo 'snapshot: a setting of the session is left' >&2; exit 1; }
echo 'snapshot: the script makes what it was made of'
