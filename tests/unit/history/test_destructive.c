/* Statements that may destroy data, and the objects that they name. */
#include <check.h>
#include <string.h>

#include "history/destructive.h"
#include "unit/suites.h"

static const struct {
	const char *sql;
	enum destructive risk;
}			cases[] = {
	{"", DESTRUCTIVE_NONE},
	{"SELECT 1", DESTRUCTIVE_NONE},
	{"CREATE TABLE dropped (deleted boolean)", DESTRUCTIVE_NONE},
	{"DROP TABLE ghost", DESTRUCTIVE_NAMED},
	{"drop table if exists ghost", DESTRUCTIVE_NAMED},
	{"DROP TABLE ghost CASCADE", DESTRUCTIVE_ANY},
	{"ALTER TABLE header DROP COLUMN mode", DESTRUCTIVE_NAMED},
	{"ALTER TABLE header DROP mode", DESTRUCTIVE_NAMED},
	{"ALTER TABLE header DROP type", DESTRUCTIVE_NAMED},
	{"ALTER TABLE header DROP \"type\"", DESTRUCTIVE_NAMED},
	{"ALTER TABLE header DROP identity, DROP rule", DESTRUCTIVE_NAMED},
	{"ALTER TABLE header DROP \"constraint\"", DESTRUCTIVE_NAMED},
	{"ALTER TABLE header DROP IF EXISTS view CASCADE", DESTRUCTIVE_NAMED},
	{"ALTER TABLE header /* x */ DROP -- not used\n COLUMN mode", DESTRUCTIVE_NAMED},
	{"ALTER TABLE IF EXISTS ONLY a.\"b c\" ADD d text, DROP e", DESTRUCTIVE_NAMED},
	{"ALTER TABLE header ADD a numeric(3, 2), ALTER b TYPE text, DROP c", DESTRUCTIVE_NAMED},
	{"ALTER TABLE header ADD a text DEFAULT 'x, DROP b'", DESTRUCTIVE_NONE},
	{"ALTER TABLE header ALTER a DROP IDENTITY IF EXISTS, ALTER COLUMN b DROP EXPRESSION", DESTRUCTIVE_NONE},
	{"ALTER TABLE header RENAME TO dropped", DESTRUCTIVE_NONE},
	{"ALTER TABLE header DETACH PARTITION old", DESTRUCTIVE_NONE},
	{"ALTER TYPE pair DROP ATTRIBUTE a CASCADE", DESTRUCTIVE_NAMED},
	{"ALTER DOMAIN d DROP CONSTRAINT c", DESTRUCTIVE_NONE},
	{"ALTER FUNCTION f() RENAME TO drop_it", DESTRUCTIVE_NONE},
	{"-- DROP TABLE ghost\nSELECT 1 /* DELETE FROM ghost */", DESTRUCTIVE_NONE},
	{"INSERT INTO notes VALUES ('DROP TABLE ghost; DELETE FROM ghost')", DESTRUCTIVE_NONE},
	{"COMMENT ON TABLE ghost IS $$TRUNCATE ghost$$", DESTRUCTIVE_NONE},
	{"SELECT \"drop\", \"delete\" FROM \"truncate\"", DESTRUCTIVE_NONE},
	{"DROP TABLE other.ghost", DESTRUCTIVE_NAMED},
	{"DROP /* x */ TABLE ghost", DESTRUCTIVE_NAMED},
	{"DROP VIEW v CASCADE", DESTRUCTIVE_NONE},
	{"DROP MATERIALIZED VIEW v", DESTRUCTIVE_NONE},
	{"DROP FUNCTION f() CASCADE", DESTRUCTIVE_ANY},
	{"DROP COLLATION c CASCADE", DESTRUCTIVE_ANY},
	{"DROP ROLE r", DESTRUCTIVE_NONE},
	{"DROP EXTENSION e", DESTRUCTIVE_ANY},
	{"MERGE INTO a USING b ON a.i = b.i WHEN MATCHED THEN DELETE", DESTRUCTIVE_NAMED},
	{"COPY (DELETE FROM a RETURNING *) TO '/dev/null'", DESTRUCTIVE_NAMED},
	{"EXPLAIN ANALYZE DELETE FROM a", DESTRUCTIVE_NAMED},
	{"TRUNCATE a CASCADE", DESTRUCTIVE_ANY},
	{"GRANT DELETE, TRUNCATE ON a TO b", DESTRUCTIVE_NONE},
	{"CREATE TRIGGER t BEFORE DELETE OR TRUNCATE ON a FOR EACH STATEMENT EXECUTE PROCEDURE f()", DESTRUCTIVE_NONE},
	{"CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE sql AS 'DELETE FROM a'", DESTRUCTIVE_NONE},
	{"CREATE FUNCTION f() RETURNS void BEGIN ATOMIC DELETE FROM a; END", DESTRUCTIVE_NONE},
	{"CREATE RULE r AS ON INSERT TO a DO ALSO DELETE FROM b", DESTRUCTIVE_NONE},
	{"SELECT purge()", DESTRUCTIVE_NONE},
	{"ALTER TABLE header DROP role, ADD rule text", DESTRUCTIVE_NAMED},
	{"ALTER TABLE header DROP CONSTRAINT c, DROP COLUMN mode", DESTRUCTIVE_NAMED},
	{"ALTER TABLE header DROP CONSTRAINT c CASCADE", DESTRUCTIVE_NONE},
	{"ALTER TABLE header ALTER mode DROP NOT NULL, ALTER mode DROP DEFAULT", DESTRUCTIVE_NONE},
	{"DROP INDEX CONCURRENTLY IF EXISTS i", DESTRUCTIVE_NONE},
	{"DROP TYPE mode", DESTRUCTIVE_NONE},
	{"DROP TYPE mode CASCADE", DESTRUCTIVE_ANY},
	{"DROP SCHEMA old", DESTRUCTIVE_ANY},
	{"DROP OWNED BY apache", DESTRUCTIVE_ANY},
	{"TRUNCATE header", DESTRUCTIVE_NAMED},
	{"DELETE FROM header", DESTRUCTIVE_NAMED},
	{"WITH gone AS (DELETE FROM header RETURNING *) SELECT 1", DESTRUCTIVE_NAMED},
	{"CREATE TABLE a (b integer REFERENCES c ON DELETE CASCADE)", DESTRUCTIVE_NONE},
	{"CREATE TEMP TABLE t ON COMMIT DROP AS SELECT 1", DESTRUCTIVE_NONE},
	{"DO $$ BEGIN ALTER TABLE header DROP COLUMN mode; END $$", DESTRUCTIVE_NAMED},
	{"DO $$ BEGIN EXECUTE format('DROP TABLE %I', t); END $$", DESTRUCTIVE_ANY},
	{"DO $$ BEGIN EXECUTE format('DROP INDEX %I', t); END $$", DESTRUCTIVE_NONE},
	{"DO 'BEGIN EXECUTE ''DROP TABLE t''; END'", DESTRUCTIVE_ANY},
	{"DO LANGUAGE plpgsql $x$ BEGIN IF true THEN TRUNCATE a; END IF; END $x$", DESTRUCTIVE_NAMED},
	{"DO $$ BEGIN /* DROP TABLE t */ NULL; -- DELETE FROM t\n END $$", DESTRUCTIVE_NONE},
	{"DO $$ BEGIN RAISE NOTICE 'DROP TABLE t'; END $$", DESTRUCTIVE_NONE},
	{"DO $$ BEGIN EXECUTE format('ALTER TABLE %I DROP COLUMN a', t); END $$", DESTRUCTIVE_ANY},
	{"DO $$ BEGIN EXECUTE format('ALTER TABLE %I ALTER %I DROP NOT NULL', t, c); END $$", DESTRUCTIVE_NONE},
	{"DO $$ BEGIN EXECUTE 'ALTER TABLE a DROP ' || c; END $$", DESTRUCTIVE_ANY},
	{"DO $$ BEGIN EXECUTE 'ALTER TABLE ' || t || ' DROP role'; END $$", DESTRUCTIVE_ANY},
	{"DO $$ BEGIN EXECUTE $x$DELETE FROM a$x$; END $$", DESTRUCTIVE_ANY},
	{"DO $$ BEGIN EXECUTE format('GRANT %s ON a TO b', (ARRAY['DELETE', 'TRUNCATE'])[1]); END $$", DESTRUCTIVE_NONE},
	{"DO $$ BEGIN EXECUTE (ARRAY['DELETE FROM a', 'TRUNCATE a'])[1]; END $$", DESTRUCTIVE_ANY},
	{"DO $$ BEGIN EXECUTE concat('TRUNCATE', ' a'); EXECUTE 'TRUNCATE' || b[1]; END $$", DESTRUCTIVE_ANY},
	{"DO $$ BEGIN EXECUTE 'GRANT DELETE ON a TO b'; END $$", DESTRUCTIVE_NONE},
	{"DO $$ BEGIN GRANT DELETE ON a TO b; DELETE FROM c; END $$", DESTRUCTIVE_NAMED},
	{"DO $$ BEGIN DELETE FROM a WHERE b; END $$", DESTRUCTIVE_NAMED},
};

static const struct {
	const char *sql;
	const char *name;
	bool		named;
}			names[] = {
	{"DROP TABLE ghost", "ghost", true},
	{"DROP TABLE public.ghost", "ghost", true},
	{"DROP TABLE GHOST", "ghost", true},
	{"DROP TABLE \"Ghost\"", "Ghost", true},
	{"DROP TABLE ghosts", "ghost", false},
	{"DROP TABLE old_ghost, ghost2, ghost", "ghost", true},
	{"DROP TABLE old_ghost", "ghost", false},
	{"ghost", "ghost", true},
	{"DROP TABLE \"a b\"", "a b", true},
};

static const struct {
	const char *sql;
	bool		renames;
}			renames[] = {
	{"ALTER TABLE a RENAME TO b", true},
	{"ALTER TABLE IF EXISTS public.a RENAME TO b", true},
	{"ALTER TABLE a RENAME COLUMN b TO c", false},
	{"ALTER TYPE a RENAME TO b", false},
	{"ALTER INDEX a RENAME TO b", false},
	{"DO $$BEGIN EXECUTE format('ALTER INDEX ix_%1$s_%2$s RENAME TO idx', t, c); END$$", false},
	{"DO $$BEGIN EXECUTE format('ALTER TABLE %I RENAME TO idx', t); END$$", true},
	{"SELECT 'ALTER TABLE a RENAME TO b'", false},
	{"ALTER TYPE a RENAME TO b; ALTER TABLE c RENAME COLUMN d TO e", false},
};

START_TEST(test_risk_of)
{
	ck_assert_int_eq(destructive_of(cases[_i].sql, strlen(cases[_i].sql)), cases[_i].risk);
}
END_TEST

START_TEST(test_risk_names)
{
	ck_assert_int_eq(destructive_names(names[_i].sql, names[_i].name), names[_i].named);
}
END_TEST

START_TEST(test_risk_renames)
{
	ck_assert_int_eq(destructive_renames(renames[_i].sql), renames[_i].renames);
}
END_TEST

static const struct {
	const char *sql;
	bool		deletes;
	bool		is_code;
	bool		updates;
}			kinds[] = {
	{"DELETE FROM a", true, false, false},
	{"TRUNCATE a", true, false, false},
	{"DROP TABLE a", false, false, false},
	{"UPDATE a SET b = 1", false, false, true},
	{"VACUUM a", false, false, false},
	{"CALL f()", false, true, false},
	{"/* x */ DO $$BEGIN DELETE FROM a; END$$", true, true, false},
	{"SELECT f()", false, true, false},
	{"DO $$BEGIN UPDATE ONLY a SET b = 1; END$$", false, true, true},
	{"DO $$BEGIN EXECUTE format('UPDATE %I SET b = 1', c); END$$", false, true, true},
	{"WITH a AS (UPDATE b SET c = 1 RETURNING *) SELECT 1", false, true, true},
	{"MERGE INTO a USING b ON a.i = b.i WHEN MATCHED THEN UPDATE SET c = 1", false, false, true},
	{"SELECT f(a) FROM b FOR UPDATE OF b", false, true, false},
	{"INSERT INTO a VALUES (1) ON CONFLICT (b) DO UPDATE SET c = 1", false, false, false},
	{"CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'UPDATE a SET b = 1'", false, false, false},
	{"CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE PROCEDURE f()", false, false, false},
	{"SELECT 'UPDATE a SET b = 1'", false, true, false},
};

START_TEST(test_risk_kinds)
{
	ck_assert_int_eq(destructive_deletes(kinds[_i].sql), kinds[_i].deletes);
	ck_assert_int_eq(destructive_is_code(kinds[_i].sql), kinds[_i].is_code);
	ck_assert_int_eq(destructive_updates(kinds[_i].sql), kinds[_i].updates);
}
END_TEST

Suite *
destructive_suite(void)
{
	Suite	   *suite = suite_create("destructive");
	TCase	   *tcase = tcase_create("risk");

	tcase_add_loop_test(tcase, test_risk_of, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_loop_test(tcase, test_risk_names, 0, sizeof(names) / sizeof(names[0]));
	tcase_add_loop_test(tcase, test_risk_renames, 0, sizeof(renames) / sizeof(renames[0]));
	tcase_add_loop_test(tcase, test_risk_kinds, 0, sizeof(kinds) / sizeof(kinds[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
