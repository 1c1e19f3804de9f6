/*
 * No data is lost without consent. The first line of each migration in tests/histories/consent lists the data that it
 * destroys, or says that it destroys none. A migration that destroys data must be refused until --yes is given, and the
 * data must be named; the others must run.
 */
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/safety/consent.h"
#include "e2e/suites.h"
#include "support/build.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT version FROM migrate_version"

enum {
	MOST_FORMS = 200
};

static struct form {
	int			version;
	int			server;			/* the oldest that it can be run on */
	bool		down;			/* the down migration destroys */
	bool		keeps;
	char	   *loses;			/* texts with ", " between them; NULL: nothing */
}			forms[MOST_FORMS];
static int	form_count;

static int
number_of(const char *text)
{
	return (int) strtol(text, NULL, 10);
}

/* Read the first line: "-- loses (11): table lone". This runs before the tests, so it cannot fail a test. */
static void
read_form(const char *name)
{
	char	   *path = mem_format(CONSENT_FOLDER "/%s", name);
	FILE	   *file = fopen(path, "r");
	char	   *line = NULL;
	size_t		room = 0;
	struct form form = {.version = number_of(name)};

	if (file && getline(&line, &room, file) > 0 && strstr(line, ": ")) {
		const char *says = strstr(line, ": ") + 2;
		const char *from = strchr(line, '(');

		if (from && from < says) {
			form.down = strncmp(from, "(down)", 6) == 0;
			form.server = number_of(from + 1);
		}
		form.keeps = strncmp(line, "-- keeps", 8) == 0;
		if (strncmp(line, "-- loses", 8) == 0)
			form.loses = mem_copy(says, strcspn(says, "\n"));
	}
	if (form_count < MOST_FORMS)
		forms[form_count++] = form;
	free(line);
	if (file)
		fclose(file);
	mem_free(path);
}

static void
read_forms(void)
{
	struct dirent **names;
	int			count = scandir(CONSENT_FOLDER, &names, NULL, alphasort);

	form_count = 0;
	for (int i = 0; i < count; i++) {
		if (strstr(names[i]->d_name, ".sql") && number_of(names[i]->d_name) > 0)
			read_form(names[i]->d_name);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
}

static int
count_of(bool loses)
{
	int			count = 0;

	for (int i = 0; i < form_count; i++)
		count += (forms[i].loses != NULL) == loses;
	return count;
}

/* Number `n`, from 0, of those that destroy data, or of the others. */
static const struct form *
nth(int n, bool loses)
{
	int			i = 0;

	while ((forms[i].loses != NULL) != loses || n-- > 0)
		i++;
	return &forms[i];
}

START_TEST(forms_say_what_they_do)
{
	ck_assert_int_gt(form_count, 80);
	ck_assert_int_lt(form_count, MOST_FORMS);
	for (int i = 0; i < form_count; i++)
		ck_assert_msg(forms[i].version == i + 1 && forms[i].keeps != (forms[i].loses != NULL),
					  "migration %d does not say what it destroys", i + 1);
}
END_TEST

static void
expect_named(const struct process *process, const char *loses)
{
	for (const char *at = loses; *at;) {
		size_t		length = strcspn(at, ",");
		char	   *name = mem_copy(at, length);

		ck_assert_msg(strstr(process->err, name) != NULL, "it should have named %s:\n%s%s", name, process->out,
					  process->err);
		mem_free(name);
		at += length + (at[length] ? 2 : 0);
	}
}

static void
expect_refused(const char *const *arguments, const char *loses)
{
	char	   *before = sql_value(consent_connection, "SELECT all_rows()");
	struct process process;

	tool_run(&process, consent_conninfo, arguments);
	ck_assert_msg(process.status == 2 || process.status == 3, "it ended with %d:\n%s%s", process.status, process.out,
				  process.err);
	expect_named(&process, loses);
	ck_assert_msg(strstr(process.err, "--yes") != NULL, "it does not say that --yes allows it:\n%s", process.err);
	process_clear(&process);
	sql_expect(consent_connection, "SELECT all_rows()", before);
	mem_free(before);
}

/* With and without SCHEMA, which says what each migration drops. */
START_TEST(destroys)
{
	const struct form *form = nth(_i / 2, true);
	const char *command = form->down ? "downgrade" : "upgrade";
	char	   *target = mem_format("%d", form->down ? form->version - 1 : form->version);

	if (form->server <= server_version(server_main())) {
		char	   *before;
		char	   *after;

		build_run(_i % 2 == 1 ? "consent" : "consent-999");
		consent_begin(form->down ? form->version : form->version - 1);
		expect_refused(ARGS(command, target), form->loses);
		/* Nor the second time: the migration stays incomplete. */
		if (_i % 2 == 0)
			expect_refused(ARGS(command, target), form->loses);
		before = sql_value(consent_connection, "SELECT all_rows()");
		tool_expect(consent_conninfo, ARGS(command, target, "--yes"), 0, "", "");
		after = sql_value(consent_connection, "SELECT all_rows()");
		ck_assert_msg(strcmp(before, after) != 0, "it destroys nothing");
		sql_expect(consent_connection, VERSION, target);
		mem_free(after);
		mem_free(before);
		consent_end();
	}
	mem_free(target);
}
END_TEST

START_TEST(destroys_nothing)
{
	const struct form *form = nth(_i / 2, false);
	char	   *target = mem_format("%d", form->version);

	if (form->server <= server_version(server_main())) {
		build_run(_i % 2 == 1 ? "consent" : "consent-999");
		consent_begin(form->version - 1);
		/* The objects of the other cases are extra ones. */
		tool_must(consent_conninfo, ARGS("upgrade", target, "--quiet"));
		sql_expect(consent_connection, VERSION, target);
		consent_end();
	}
	mem_free(target);
}
END_TEST

/*
 * Transactions that have no statement of the migration's: the version change alone, what comes before the first
 * statement, and grants.sql before the first migration.
 */
START_TEST(without_statements)
{
	static const struct {
		const char *name;
		bool		up;
		const char *sql;
	}			cases[] = {
		{"drop_commented.sql", false, "CREATE RULE purge AS ON UPDATE TO migrate_version DO ALSO DELETE FROM lone"},
		{"single_vacuum.sql", true, "CREATE RULE purge AS ON UPDATE TO migrate_version DO ALSO DELETE FROM lone"},
		{"only_said.sql", true, "CREATE FUNCTION purge_by_grants() RETURNS void LANGUAGE sql AS"
		" 'DELETE FROM public.lone'; GRANT TRIGGER ON t TO apache"},
	};
	int			version = consent_version(cases[_i].name);
	const char *command = cases[_i].up ? "upgrade" : "downgrade";
	char	   *target = mem_format("%d", cases[_i].up ? version : version - 1);

	consent_begin(cases[_i].up ? version - 1 : version);
	sql_exec(consent_connection, cases[_i].sql);
	expect_refused(ARGS(command, target), "rows of table lone are deleted: it has 20 rows");
	tool_must(consent_conninfo, ARGS(command, target, "--yes", "--quiet"));
	sql_expect(consent_connection, "SELECT count(*) FROM lone", "0");
	mem_free(target);
	consent_end();
}
END_TEST

Suite *
consent_suite(void)
{
	Suite	   *suite = suite_create("consent");
	TCase	   *tcase = tcase_create("consent");

	read_forms();
	tcase_add_unchecked_fixture(tcase, consent_build, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, forms_say_what_they_do);
	tcase_add_loop_test(tcase, destroys, 0, 2 * count_of(true));
	tcase_add_loop_test(tcase, destroys_nothing, 0, 2 * count_of(false));
	tcase_add_loop_test(tcase, without_statements, 0, 3);
	suite_add_tcase(suite, tcase);
	return suite;
}
