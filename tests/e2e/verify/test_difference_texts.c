/* The texts of migrations that are written from a database: questions, names, and differences that are not written. */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/lack.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"
#include "support/written.h"

#include "base/banned.h"

/* Run the program with an option (NULL: none) and arguments; it must end with this status, and say this on stderr. */
static void
expect_said(const char *option, const char *conninfo, const char *folder, int status, const char *said)
{
	char	   *difference = written_program();
	struct process process;

	if (option)
		process_run(&process, ARGS(difference, option, conninfo, folder), NULL);
	else
		process_run(&process, ARGS(difference, conninfo, folder), NULL);
	ck_assert_msg(process.status == status && strstr(process.err, said), "%d, not %d:\n%s", process.status, status,
				  process.err);
	process_clear(&process);
	mem_free(difference);
}

static char *
path_of(const char *folder, int version, const char *name)
{
	return mem_format("%s/%03d_%s.sql", folder, version, name);
}

/* The text of the file that it has written as the `number`th. */
static char *
file_at(const char *folder, int number, const char *name)
{
	char	   *path = path_of(folder, lack_latest() + number, name);
	char	   *text = sql_file(path);

	unlink(path);
	mem_free(path);
	return text;
}

/* The same of the only one. */
static char *
file_of(const char *folder, const char *name)
{
	return file_at(folder, 1, name);
}

/* Give the only file another version. */
static void
renumber(const char *folder, const char *name, int version)
{
	char	   *from = path_of(folder, lack_latest() + 1, name);
	char	   *to = path_of(folder, version, name);

	ck_assert_msg(rename(from, to) == 0, "there is no %s", from);
	mem_free(from);
	mem_free(to);
}

/* Each way has its lines as comments, and none of them is SQL. */
static void
expect_question(const char *text, const char *const *lines)
{
	for (; *lines; lines++)
		ck_assert_msg(strstr(text, *lines), "no line \"%s\" in\n%s", *lines, text);
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		ck_assert_msg(strchr("\n-", *line), "%s", line);
}

START_TEST(what_may_be_renamed_is_asked)
{
	char	   *owner = server_database("fitsdata");
	char	   *folder = server_directory("asked");
	char	   *text;

	tool_must(owner, ARGS("init"));
	server_execute("fitsdata", "ALTER TABLE users RENAME COLUMN user_admin TO admin");
	expect_said(NULL, owner, folder, 0, "");
	text = file_of(folder, "answer_change_users_admin");
	expect_question(text, ARGS("-- TODO: Was column users.user_admin renamed to admin?",
							   "--   ALTER TABLE users RENAME COLUMN user_admin TO admin;\n",
							   "--   ALTER TABLE users ADD COLUMN IF NOT EXISTS admin boolean;\n",
							   "--   ALTER TABLE users DROP COLUMN IF EXISTS user_admin;\n",
							   "--   ALTER TABLE users RENAME COLUMN admin TO user_admin;\n",
							   "--   ALTER TABLE users DROP COLUMN IF EXISTS admin;\n"));
	ck_assert_msg(strstr(text, "\n-- migrate:up\n") != NULL, "%s", text);
	mem_free(text);
	server_execute("fitsdata", "ALTER TABLE users RENAME COLUMN admin TO user_admin;"
				   " ALTER TABLE semester RENAME TO outline");
	expect_said(NULL, owner, folder, 0, "");
	text = file_of(folder, "answer_change_outline");
	expect_question(text, ARGS("-- TODO: Was table semester renamed to outline? Both have the same columns.\n",
							   "--   ALTER TABLE semester RENAME TO outline;\n",
							   "--   DROP TABLE IF EXISTS semester;\n",
							   "--   CREATE TABLE IF NOT EXISTS outline (\n", "--   DROP TABLE IF EXISTS outline;\n"));
	mem_free(text);
	/* A table that cannot be written is not taken for the renamed one. */
	server_execute("fitsdata", "ALTER TABLE outline REPLICA IDENTITY FULL");
	expect_said("--name=semester", owner, folder, 0, "warning: not written: table outline\n");
	text = file_of(folder, "semester");
	ck_assert_msg(strstr(text, "\nDROP TABLE IF EXISTS semester;\n") != NULL, "%s", text);
	mem_free(text);
	server_execute("fitsdata", "ALTER TABLE outline RENAME TO semester;"
				   " ALTER TABLE semester REPLICA IDENTITY DEFAULT;"
				   " ALTER TABLE glacier RENAME COLUMN md5 TO sum");
	expect_said(NULL, owner, folder, 0, "");
	text = file_at(folder, 2, "answer_change_glacier_sum");
	expect_question(text, ARGS("\n-- migrate:up\n", "\n-- migrate:down\n",
							   "-- If it was not renamed, with \"transaction:false\" at the end of the line that begins"
							   " this section:\n"));
	mem_free(text);
	mem_free(folder);
	mem_free(owner);
}
END_TEST

/* A carriage return ends a comment of SQL, and "migrate:up" would begin a section. */
START_TEST(no_name_or_text_ends_a_comment)
{
	char	   *owner = server_database("fitsdata");
	char	   *folder = server_directory("strange");
	char	   *text;

	tool_must(owner, ARGS("init"));
	server_execute("fitsdata", "ALTER TABLE users RENAME COLUMN user_admin TO"
				   " U&\"x\\000DGRANT ALL ON file TO apache;\\000Amigrate:up\"");
	expect_said(NULL, owner, folder, 0, "");
	text = file_of(folder, "answer_change_users_x_rgrant_all_on_file_to_apache_nmigra");
	ck_assert_msg(!strchr(text, '\r'), "%s", text);
	expect_question(text, ARGS("U&\"x\\000dGRANT ALL ON file TO apache;\\000amigrate:up\" TO user_admin;\n"));
	mem_free(text);
	server_execute("fitsdata", "ALTER TABLE users RENAME COLUMN U&\"x\\000DGRANT ALL ON file TO apache;"
				   "\\000Amigrate:up\" TO user_admin; ALTER TABLE gmos ADD COLUMN note text;"
				   " CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS E'SELECT 1\\n--  migrate:down\\n'");
	expect_said("--name=f", owner, folder, 0,
				"warning: not written: function f(): a line of its text is like a directive");
	text = file_of(folder, "f");
	ck_assert_msg(strstr(text, "-- TODO: These differences are not written here:\n--   function f(): a line of"),
				  "%s", text);
	mem_free(text);
	server_execute("fitsdata", "ALTER TABLE gmos DROP COLUMN note; DROP FUNCTION f(); ALTER TABLE gmos"
				   " ADD CONSTRAINT c CHECK (disperser <> '$$; GRANT ALL ON file TO apache; --$do1$')");
	expect_said("--name=c", owner, folder, 0, "");
	text = file_of(folder, "c");
	ck_assert_msg(strstr(text, "DO $do2$\nBEGIN\n") && strstr(text, "\nEND\n$do2$;\n"), "%s", text);
	mem_free(text);
	mem_free(folder);
	mem_free(owner);
}
END_TEST

START_TEST(labels_keep_their_places)
{
	char	   *owner = server_database("fitsdata");
	char	   *folder = server_directory("labels");
	char	   *text;

	tool_must(owner, ARGS("init"));
	server_execute("fitsdata", "UPDATE pg_enum SET enumsortorder = enumsortorder + 100 WHERE enumlabel = 'NOPASS'");
	expect_said(NULL, owner, folder, 1, "not written: order of the labels of type mdstatus\n");
	server_execute("fitsdata", "UPDATE pg_enum SET enumsortorder = enumsortorder - 100 WHERE enumlabel = 'NOPASS'");
	server_execute("fitsdata", "ALTER TYPE mdstatus ADD VALUE 'Z' BEFORE 'NODATE'");
	server_execute("fitsdata", "ALTER TYPE mdstatus ADD VALUE 'Y' BEFORE 'NODATE'");
	server_execute("fitsdata", "ALTER TYPE mdstatus ADD VALUE 'X'");
	expect_said("--name=labels", owner, folder, 0, "");
	text = file_of(folder, "labels");
	ck_assert_msg(strstr(text, "'Z' BEFORE 'NODATE';\n"
						 "ALTER TYPE mdstatus ADD VALUE IF NOT EXISTS 'Y' BEFORE 'NODATE';\n"
						 "ALTER TYPE mdstatus ADD VALUE IF NOT EXISTS 'X';\n") != NULL
				  && !strstr(text, "not written here"), "%s", text);
	mem_free(text);
	server_execute("fitsdata", "UPDATE pg_enum SET enumsortorder = 100 WHERE enumlabel = 'NOPASS'");
	expect_said("--name=labels", owner, folder, 0, "not written: order of the labels of type mdstatus\n");
	mem_free(folder);
	mem_free(owner);
}
END_TEST

START_TEST(faults_are_named)
{
	char	   *owner = server_database("fitsdata");
	char	   *folder = server_directory("faults");
	char	   *none = mem_format("%s dbname=none", owner);

	tool_must(owner, ARGS("init"));
	expect_said(NULL, owner, folder, 1, "error: the database has the schema of version ");
	expect_said(NULL, none, folder, 1, "database \"none\" does not exist");
	expect_said("--base=9999", owner, folder, 2, "error: this build has the versions 0 to ");
	expect_said("--name=New-one", owner, folder, 2, "error: invalid name: use lower-case letters");
	server_execute("fitsdata", "ALTER TABLE gmos ADD COLUMN note text; CREATE COLLATION mine FROM \"C\"");
	expect_said(NULL, owner, "/nowhere", 1, "error: could not write /nowhere/");
	expect_said("--name=note", owner, folder, 0, "warning: not written: collation mine\n");
	expect_said("--name=other", owner, folder, 1, "which this build does not know\nfitsdb-schema: hint: ");
	/* No two migrations have the same name. "add_note" and "note" are different names. */
	renumber(folder, "note", 1);
	expect_said("--name=note", owner, folder, 0, "");
	mem_free(file_of(folder, "note_2"));
	expect_said("--name=add_note_2", owner, folder, 0, "");
	renumber(folder, "add_note_2", 2);
	expect_said("--name=note", owner, folder, 0, "");
	mem_free(file_of(folder, "note_2"));
	mem_free(none);
	mem_free(folder);
	mem_free(owner);
}
END_TEST

Suite *
difference_texts_suite(void)
{
	Suite	   *suite = suite_create("difference_texts");
	TCase	   *tcase = tcase_create("difference_texts");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, what_may_be_renamed_is_asked);
	tcase_add_test(tcase, no_name_or_text_ends_a_comment);
	tcase_add_test(tcase, labels_keep_their_places);
	tcase_add_test(tcase, faults_are_named);
	suite_add_tcase(suite, tcase);
	return suite;
}
