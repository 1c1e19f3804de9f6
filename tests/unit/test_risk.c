/* Which statements may destroy something, and of what. */
#include <check.h>

#include "risk.h"
#include "suites.h"

static const struct {
	const char *sql;
	enum risk	risk;
}			cases[] = {
	{"", RISK_NONE},
	{"SELECT 1", RISK_NONE},
	{"CREATE TABLE dropped (deleted boolean)", RISK_NONE},
	{"DROP TABLE ghost", RISK_NAMED},
	{"drop table if exists ghost", RISK_NAMED},
	{"DROP TABLE ghost CASCADE", RISK_ANY},
	{"ALTER TABLE header DROP COLUMN mode", RISK_NAMED},
	{"ALTER TABLE header DROP mode", RISK_NAMED},
	{"ALTER TABLE header DROP type", RISK_NAMED},
	{"ALTER TABLE header DROP role, ADD rule text", RISK_NAMED},
	{"ALTER TABLE header DROP CONSTRAINT c, DROP COLUMN mode", RISK_NAMED},
	{"ALTER TABLE header DROP CONSTRAINT c CASCADE", RISK_NONE},
	{"ALTER TABLE header ALTER mode DROP NOT NULL, ALTER mode DROP DEFAULT", RISK_NONE},
	{"DROP INDEX CONCURRENTLY IF EXISTS i", RISK_NONE},
	{"DROP TYPE mode", RISK_NONE},
	{"DROP TYPE mode CASCADE", RISK_ANY},
	{"DROP SCHEMA old", RISK_ANY},
	{"DROP OWNED BY apache", RISK_ANY},
	{"TRUNCATE header", RISK_NAMED},
	{"DELETE FROM header", RISK_NAMED},
	{"WITH gone AS (DELETE FROM header RETURNING *) SELECT 1", RISK_NAMED},
	{"CREATE TABLE a (b integer REFERENCES c ON DELETE CASCADE)", RISK_NONE},
	{"CREATE TEMP TABLE t ON COMMIT DROP AS SELECT 1", RISK_NONE},
	{"DO $$ BEGIN ALTER TABLE header DROP COLUMN mode; END $$", RISK_NAMED},
	{"DO $$ BEGIN EXECUTE format('DROP TABLE %I', t); END $$", RISK_ANY},
	{"DO $$ BEGIN EXECUTE format('DROP INDEX %I', t); END $$", RISK_NONE},
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
	{"EXECUTE format('ALTER INDEX ix_%1$s_%2$s RENAME TO idx', t, c)", false},
	{"ALTER TYPE a RENAME TO b; ALTER TABLE c RENAME COLUMN d TO e", false},
};

START_TEST(test_risk_of)
{
	ck_assert_int_eq(risk_of(cases[_i].sql), cases[_i].risk);
}
END_TEST

START_TEST(test_risk_names)
{
	ck_assert_int_eq(risk_names(names[_i].sql, names[_i].name), names[_i].named);
}
END_TEST

START_TEST(test_risk_renames)
{
	ck_assert_int_eq(risk_renames(renames[_i].sql), renames[_i].renames);
}
END_TEST

Suite *
risk_suite(void)
{
	Suite	   *suite = suite_create("risk");
	TCase	   *tcase = tcase_create("risk");

	tcase_add_loop_test(tcase, test_risk_of, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_loop_test(tcase, test_risk_names, 0, sizeof(names) / sizeof(names[0]));
	tcase_add_loop_test(tcase, test_risk_renames, 0, sizeof(renames) / sizeof(renames[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
