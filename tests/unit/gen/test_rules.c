/*
 * Statements that the generator accepts or refuses, each in the kind of section where it matters.
 */
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "unit/gen_run.h"
#include "unit/suites.h"

#include "base/banned.h"

#define UP "-- migrate:up\n"
#define DOWN "-- migrate:down\n"
#define LOOSE_UP "-- migrate:up transaction:false\n"
#define LOOSE_DOWN "-- migrate:down transaction:false\n"
#define NONE DOWN "-- none\n"

struct rule_case {
	const char *text;
	const char *errors;			/* "LINE: error" lines; "" where it is taken */
};

/* Of a whole migration. */
static const struct rule_case migrations[] = {
	{UP "BEGIN;\nbegin work;\nSTART TRANSACTION;\nCOMMIT;\nEND;\nROLLBACK;\nABORT;\nSAVEPOINT a;\nRELEASE a;\n"
		"ROLLBACK TO a;\nPREPARE TRANSACTION 'a';\nCOMMIT PREPARED 'a';\nROLLBACK PREPARED 'a';\n"
		"/* c */ COMMIT;\n" NONE,
	"2: transaction control: BEGIN\n3: transaction control: BEGIN\n4: transaction control: START TRANSACTION\n"
	"5: transaction control: COMMIT\n6: transaction control: END\n7: transaction control: ROLLBACK\n"
	"8: transaction control: ABORT\n9: transaction control: SAVEPOINT\n10: transaction control: RELEASE\n"
	"11: transaction control: ROLLBACK\n12: transaction control: PREPARE TRANSACTION\n13: transaction control: COMMIT\n"
	"14: transaction control: ROLLBACK\n15: transaction control: COMMIT\n"},
	{LOOSE_UP "COMMIT;\n" NONE, "2: transaction control: COMMIT\n"},
	{UP "SELECT 1;\n" DOWN "COMMIT;\n", "4: transaction control: COMMIT\n"},
	{UP "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END;\nDO $$ BEGIN COMMIT; END $$;\n"
		"PREPARE p AS SELECT 1;\n" NONE, ""},
	{UP "SELECT pg_catalog.pg_advisory_unlock_all();\n" NONE, "2: pg_advisory_unlock_all would release the"
	" advisory lock\n"},
	{UP "DISCARD ALL;\nDISCARD PLANS;\n" NONE, "2: DISCARD ALL would release the advisory lock\n"},

	{UP "COPY t FROM STDIN;\n1\n\\.\n" NONE, "2: COPY FROM STDIN is not supported\n4: psql meta-command \"\\.\"\n"},
	{UP "COPY t (a, b) FROM stdin WITH (FORMAT csv);\n" NONE, "2: COPY FROM STDIN is not supported\n"},
	{UP "COPY (SELECT 1) TO STDOUT;\n" NONE, "2: COPY TO STDOUT is not supported\n"},
	{UP "COPY t FROM '/from stdin';\nCOPY (SELECT a FROM stdin) TO PROGRAM 'x';\n" NONE, ""},

	{UP "ALTER TYPE t ADD VALUE IF NOT EXISTS 'a';\n" NONE, "2: ADD VALUE inside a transaction\n"},
	{UP "CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f();\n"
		"CREATE OR REPLACE CONSTRAINT TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f();\n"
		"CREATE EVENT TRIGGER g ON sql_drop EXECUTE FUNCTION f();\nCREATE TABLE trigger (execute function);\n"
		"CREATE TRIGGER g AFTER INSERT ON t EXECUTE PROCEDURE f();\n" NONE,
	"2: PostgreSQL 10 does not have EXECUTE FUNCTION\n3: PostgreSQL 10 does not have EXECUTE FUNCTION\n"
	"4: PostgreSQL 10 does not have EXECUTE FUNCTION\n"},
	{UP "SELECT 1;\n" DOWN "ALTER TYPE t DROP VALUE 'a';\n", "4: PostgreSQL cannot drop an enum value\n"},
	{LOOSE_UP "SELECT 1;\n" LOOSE_DOWN "ALTER TYPE s.t DROP VALUE IF EXISTS 'a';\nALTER TYPE t DROP ATTRIBUTE a;\n",
	"4: PostgreSQL cannot drop an enum value\n5: DROP ATTRIBUTE without IF EXISTS cannot be repeated\n"},
	{UP "SELECT 1;\n" DOWN "ALTER TYPE s.\"T\" ADD VALUE 'a';\n", "4: ADD VALUE inside a transaction\n"},
	{LOOSE_UP "ALTER TYPE t ADD VALUE IF NOT EXISTS 'a';\n"
		"ALTER TYPE s.\"T\" ADD VALUE IF NOT EXISTS 'b' AFTER 'a';\n" NONE, ""},
	{UP "ALTER TYPE t ADD ATTRIBUTE value int;\nALTER TABLE t ADD value int;\n" NONE, ""},

	{UP "VACUUM t;\nCREATE DATABASE d;\nDROP DATABASE d;\nCREATE TABLESPACE t LOCATION 'x';\nDROP TABLESPACE t;\n"
		"CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p;\nDROP SUBSCRIPTION s;\nALTER SYSTEM SET a = 1;\n" NONE,
	"2: VACUUM cannot run inside a transaction\n3: CREATE DATABASE cannot run inside a transaction\n"
	"4: DROP DATABASE cannot run inside a transaction\n5: CREATE TABLESPACE cannot run inside a transaction\n"
	"6: DROP TABLESPACE cannot run inside a transaction\n7: CREATE SUBSCRIPTION cannot run inside a transaction\n"
	"8: DROP SUBSCRIPTION cannot run inside a transaction\n9: ALTER SYSTEM cannot run inside a transaction\n"},
	{UP "REINDEX SCHEMA s;\nREINDEX (VERBOSE) DATABASE d;\nREINDEX VERBOSE SYSTEM d;\nREINDEX TABLE t;\n" NONE,
	"2: REINDEX of a schema or database cannot run inside a transaction\n"
	"3: REINDEX of a schema or database cannot run inside a transaction\n"
	"4: REINDEX of a schema or database cannot run inside a transaction\n"},
	{UP "CLUSTER;\nCLUSTER VERBOSE;\nCLUSTER t;\nALTER DATABASE d SET TABLESPACE t;\n"
		"ALTER DATABASE d SET a = 1;\n" NONE,
	"2: CLUSTER of all tables cannot run inside a transaction\n"
	"3: CLUSTER of all tables cannot run inside a transaction\n"
	"5: ALTER DATABASE ... SET TABLESPACE cannot run inside a transaction\n"},

	{UP "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);\n" LOOSE_DOWN "DROP INDEX CONCURRENTLY IF EXISTS i;\n",
	"2: CONCURRENTLY cannot run inside a transaction\n"},
	{UP "DROP INDEX CONCURRENTLY i;\n" NONE, "2: CONCURRENTLY cannot run inside a transaction\n"},
	{UP "REINDEX TABLE CONCURRENTLY t;\n" NONE, "2: CONCURRENTLY cannot run inside a transaction\n"},
	{UP "ALTER TABLE t DETACH PARTITION p CONCURRENTLY;\n" NONE, "2: CONCURRENTLY cannot run inside a transaction\n"},
	{UP "REFRESH MATERIALIZED VIEW CONCURRENTLY v;\nSELECT 1;\n" NONE, ""},
	{LOOSE_UP "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);\n"
		LOOSE_DOWN "DROP INDEX CONCURRENTLY IF EXISTS i;\n", ""},
	{LOOSE_UP "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);\n" NONE, ""},
	{LOOSE_UP "SELECT 1;\nCREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);\n" NONE,
	"3: CONCURRENTLY is not the only statement in its section\n"},
	{LOOSE_UP "DROP INDEX CONCURRENTLY IF EXISTS i;\nDROP INDEX CONCURRENTLY IF EXISTS j;\n" NONE,
	"2: CONCURRENTLY is not the only statement in its section\n"},
	{LOOSE_UP "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);\n" DOWN "DROP INDEX IF EXISTS i;\n",
	"4: only the other section of the migration uses CONCURRENTLY\n"},
	{UP "SELECT 1;\n" LOOSE_DOWN "DROP INDEX CONCURRENTLY IF EXISTS i;\n",
	"2: only the other section of the migration uses CONCURRENTLY\n"},
	{LOOSE_UP "CREATE INDEX CONCURRENTLY ON t (a);\n" NONE, "2: CREATE INDEX CONCURRENTLY without a name\n"
	"2: CREATE INDEX CONCURRENTLY without IF NOT EXISTS cannot be repeated\n"},

	/* both sections of a migration with a loose one are repeated */
	{LOOSE_UP "CREATE TABLE t (a int);\n" DOWN "DROP TABLE t;\n",
	"2: CREATE TABLE without IF NOT EXISTS cannot be repeated\n4: DROP TABLE without IF EXISTS cannot be repeated\n"},
	{UP "CREATE TABLE t (a int);\n" LOOSE_DOWN "DROP TABLE t;\n",
	"2: CREATE TABLE without IF NOT EXISTS cannot be repeated\n4: DROP TABLE without IF EXISTS cannot be repeated\n"},
	{UP "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\nCREATE TYPE e AS ENUM ('a');\n" DOWN "DROP TABLE t;\n", ""}
};

/* A statement that must be repeatable: the message before "cannot be repeated"; NULL: it is accepted. */
static const struct rule_case repeats[] = {
	{"CREATE TABLE IF NOT EXISTS t (a int)", NULL},
	{"CREATE UNLOGGED TABLE IF NOT EXISTS publication (a int)", NULL},
	{"CREATE TABLE publication (a int)", "CREATE TABLE without IF NOT EXISTS"},
	{"CREATE TABLE t (a text DEFAULT 'IF NOT EXISTS')", "CREATE TABLE without IF NOT EXISTS"},
	{"CREATE SCHEMA s CREATE TABLE IF NOT EXISTS t (a int)", "CREATE SCHEMA without IF NOT EXISTS"},
	{"CREATE UNIQUE INDEX i ON t (a)", "CREATE UNIQUE INDEX without IF NOT EXISTS"},
	{"CREATE INDEX IF NOT EXISTS i ON t (a)", NULL},
	{"CREATE SEQUENCE IF NOT EXISTS s", NULL},
	{"create materialized view v AS SELECT 1", "CREATE MATERIALIZED VIEW without IF NOT EXISTS"},
	{"CREATE VIEW v AS SELECT 1", "CREATE VIEW without OR REPLACE"},
	{"CREATE OR REPLACE VIEW v AS SELECT 1", NULL},
	{"CREATE FUNCTION f() RETURNS int AS 'OR REPLACE'", "CREATE FUNCTION without OR REPLACE"},
	{"CREATE TYPE e AS ENUM ('a')", "CREATE TYPE"},
	{"CREATE TRIGGER g AFTER INSERT ON t EXECUTE PROCEDURE f()", "CREATE TRIGGER"},
	{"CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t EXECUTE PROCEDURE f()", "CREATE CONSTRAINT TRIGGER"},
	{"CREATE SOMETHING new", "this CREATE"},
	{"DROP TABLE IF EXISTS t", NULL},
	{"DROP TABLE t", "DROP TABLE without IF EXISTS"},
	{"DROP INDEX CONCURRENTLY i", "DROP INDEX CONCURRENTLY without IF EXISTS"},
	{"DROP TYPE e", "DROP TYPE without IF EXISTS"},
	{"DROP OPERATOR CLASS IF EXISTS c USING btree", NULL},
	{"DROP OWNED BY r", NULL},
	{"DROP SOMETHING new", "this DROP"},
	{"ALTER TYPE e ADD VALUE 'a'", "ADD VALUE without IF NOT EXISTS"},
	{"ALTER TYPE e RENAME VALUE 'a' TO 'b'", "RENAME"},
	{"ALTER TYPE e ADD ATTRIBUTE a int", "ADD"},
	{"ALTER TYPE e DROP ATTRIBUTE a", "DROP ATTRIBUTE without IF EXISTS"},
	{"ALTER TABLE t ADD COLUMN IF NOT EXISTS a int, ADD IF NOT EXISTS b numeric(1, 2) DEFAULT 1", NULL},
	{"ALTER TABLE t ADD COLUMN IF NOT EXISTS a int, ADD b int", "ADD COLUMN without IF NOT EXISTS"},
	{"ALTER TABLE publication ADD COLUMN a int", "ADD COLUMN without IF NOT EXISTS"},
	{"ALTER TABLE t ADD value int", "ADD COLUMN without IF NOT EXISTS"},
	{"ALTER TABLE IF EXISTS ONLY s.\"T\" * ADD a int", "ADD COLUMN without IF NOT EXISTS"},
	{"ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", "ADD CONSTRAINT"},
	{"ALTER TABLE t DROP CONSTRAINT IF EXISTS c, ADD CONSTRAINT c CHECK (a > 0)", NULL},
	{"ALTER TABLE t ADD CONSTRAINT \"C\" CHECK (a > 0), DROP CONSTRAINT IF EXISTS \"C\"", NULL},
	{"ALTER TABLE t DROP CONSTRAINT IF EXISTS b, ADD CONSTRAINT c CHECK (a > 0)", "ADD CONSTRAINT"},
	{"ALTER DOMAIN t DROP CONSTRAINT IF EXISTS c, ADD CONSTRAINT c CHECK (a > 0)", "ADD CONSTRAINT"},
	{"ALTER TABLE t ADD UNIQUE (a)", "ADD CONSTRAINT"},
	{"ALTER TABLE t ADD PRIMARY KEY (a)", "ADD CONSTRAINT"},
	{"ALTER TABLE t DROP COLUMN IF EXISTS a, DROP CONSTRAINT IF EXISTS c, DROP IF EXISTS b", NULL},
	{"ALTER TABLE t DROP a", "DROP COLUMN without IF EXISTS"},
	{"ALTER TABLE t DROP COLUMN a", "DROP COLUMN without IF EXISTS"},
	{"ALTER TABLE t DROP CONSTRAINT c", "DROP CONSTRAINT without IF EXISTS"},
	{"ALTER TABLE t RENAME TO u", "RENAME"},
	{"ALTER TABLE IF EXISTS t RENAME TO u", NULL},
	{"ALTER INDEX IF EXISTS i RENAME TO j", NULL},
	{"ALTER TABLE IF EXISTS t RENAME COLUMN a TO b", "RENAME"},
	{"ALTER TABLE t RENAME CONSTRAINT a TO b", "RENAME"},
	{"ALTER TABLE t SET SCHEMA s", "SET SCHEMA"},
	{"ALTER TABLE t ATTACH PARTITION p DEFAULT", "a change of partitions or parents"},
	{"ALTER TABLE t NO INHERIT p", "a change of partitions or parents"},
	{"ALTER TABLE t ALTER COLUMN a DROP NOT NULL, ALTER a DROP DEFAULT, ALTER a TYPE bigint, ALTER a SET NOT NULL",
	NULL},
	{"ALTER TABLE t ALTER COLUMN a TYPE int USING f(a, rename)", NULL},
	{"ALTER TABLE t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY", "ADD GENERATED"},
	{"ALTER TABLE t ALTER a DROP IDENTITY", "DROP IDENTITY without IF EXISTS"},
	{"ALTER TABLE t OWNER TO r, ENABLE ROW LEVEL SECURITY, SET (fillfactor = 70)", NULL},
	{"ALTER FUNCTION f(a int, add int) OWNER TO r", NULL},
	{"ALTER FUNCTION f(int) RENAME TO g", "RENAME"},
	{"ALTER PUBLICATION p ADD TABLE t", "ADD"},
	{"ALTER PUBLICATION p DROP TABLE t", "DROP"},
	{"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO r", NULL},
	{"INSERT INTO t VALUES (1)", "INSERT without ON CONFLICT or NOT EXISTS"},
	{"INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", NULL},
	{"INSERT INTO t SELECT 1 WHERE NOT EXISTS (SELECT FROM t)", NULL},
	{"WITH n AS (SELECT 1) INSERT INTO t SELECT * FROM n", "INSERT without ON CONFLICT or NOT EXISTS"},
	{"WITH n AS (SELECT 1) SELECT * FROM n", NULL},
	{"COPY t FROM '/file'", "COPY FROM"},
	{"UPDATE t SET a = 1", NULL},
	{"DO $$ BEGIN CREATE TABLE t (); END $$", NULL},
	{"GRANT ALL ON t TO r", NULL}
};

static void
check_migration(const char *text, const char *expected)
{
	const struct gen_file base = {"000_base.sql", UP "SELECT 1;\n" NONE, 0};
	const struct gen_file file = {"001_a.sql", text, 0};
	char	   *folder = gen_folder_new();
	char	   *output = gen_folder_new();
	char	   *err;
	char	   *errors;
	int			status;

	gen_folder_write(folder, &base);
	gen_folder_write(folder, &file);
	status = gen_generate(folder, output, NULL, &err);
	errors = gen_errors(err, folder);
	ck_assert_str_eq(errors, expected);
	ck_assert_int_eq(status, expected[0] ? 1 : 0);
	mem_free(errors);
	mem_free(err);
	gen_folder_remove(folder);
	gen_folder_remove(output);
}

/* "LINE: text" lines become "001_a.sql:LINE: text". */
static char *
with_file(const char *errors)
{
	char	   *text = NULL;
	size_t		length = 0;
	FILE	   *stream = mem_stream_open(&text, &length);

	while (*errors) {
		size_t		line = strcspn(errors, "\n") + 1;

		fprintf(stream, "001_a.sql:%.*s", (int) line, errors);
		errors += line;
	}
	mem_stream_close(stream);
	return text;
}

START_TEST(migrations_are_judged)
{
	char	   *expected = with_file(migrations[_i].errors);

	check_migration(migrations[_i].text, expected);
	mem_free(expected);
}
END_TEST

START_TEST(repeats_are_judged)
{
	const struct rule_case *one = &repeats[_i];
	bool		concurrent = strstr(one->text, "CONCURRENTLY") != NULL;
	char	   *text = mem_format(LOOSE_UP "%s%s;\n" NONE, concurrent ? "" : "SELECT 1;\n", one->text);
	char	   *expected = one->errors ? mem_format("001_a.sql:%d: %s cannot be repeated\n", concurrent ? 2 : 3,
													 one->errors) : mem_string("");

	check_migration(text, expected);
	mem_free(text);
	mem_free(expected);
}
END_TEST

Suite *
gen_rules_suite(void)
{
	Suite	   *suite = suite_create("gen_rules");
	TCase	   *tcase = tcase_create("rules");

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, migrations_are_judged, 0, (int) (sizeof(migrations) / sizeof(migrations[0])));
	tcase_add_loop_test(tcase, repeats_are_judged, 0, (int) (sizeof(repeats) / sizeof(repeats[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
