/*
 * The documents agree with the executable. docs/fitsdb-schema.1 has each command with its argument, each option with
 * its value and its commands, and nothing else. docs/status.md has each field of status --json.
 */
#include <check.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/json.h"
#include "support/lineage.h"
#include "support/lines.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define PAGE "docs/fitsdb-schema.1"
#define STATUS_PAGE "docs/status.md"

/* The next line of a text, a new string; NULL at its end. */
static char *
next_line(const char **at)
{
	const char *line = *at;
	size_t		length = strcspn(line, "\n");

	if (!*line)
		return NULL;
	*at = line + length + (line[length] == '\n');
	return mem_copy(line, length);
}

/* The length of an argument, "VERSION" or "[VERSION [TO]]"; its description follows. */
static size_t
argument_length(const char *argument)
{
	size_t		length = 0;
	int			open = 0;

	do
		open += argument[length] == '[' ? 1 : argument[length] == ']' ? -1 : 0;
	while (argument[++length] && (open > 0 || argument[length] != ' '));
	return length;
}

/* "status", "upgrade VERSION": the commands of "help". */
static void
read_commands(struct lines *commands)
{
	struct process process;
	const char *at;
	char	   *line;

	tool_run(&process, NULL, ARGS("help"));
	at = strstr(process.out, "\nCommands:\n");
	ck_assert_ptr_nonnull(at);
	for (at += strlen("\nCommands:\n"); (line = next_line(&at)) != NULL && line[0]; mem_free(line)) {
		char	   *name = line + 2;
		char	   *argument = name + strcspn(name, " ") + 1;

		argument[-1] = '\0';
		if (argument[0] == ' ')
			lines_add(commands, mem_string(name));
		else {
			lines_add(commands, mem_format("%s %.*s", name, (int) argument_length(argument), argument));
		}
	}
	mem_free(line);
	process_clear(&process);
}

/* "-d", "--dbname=", "--wait[=]": the options of one command. */
static void
read_options(const char *command, struct lines *options)
{
	struct process process;
	const char *at;
	char	   *line;

	tool_run(&process, NULL, ARGS("help", command));
	for (at = process.out; (line = next_line(&at)) != NULL; mem_free(line)) {
		char	   *name = strstr(line, "--");

		if (strncmp(line, "  ", 2) != 0 || !name || name - line != 6)
			continue;
		if (line[2] == '-')
			lines_add(options, mem_format("-%c", line[3]));
		name[strcspn(name, " ")] = '\0';
		lines_add(options, mem_format("%.*s%s", (int) strcspn(name, "=["), name,
									  strchr(name, '[') ? "[=]" : strchr(name, '=') ? "=" : ""));
	}
	process_clear(&process);
}

static char *
read_page(const char *name)
{
	char	   *page = NULL;
	size_t		length = 0;
	FILE	   *file = fopen(name, "r");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_gt(getdelim(&page, &length, '\0', file), 0);
	fclose(file);
	return page;
}

/* ".It Cm diagram Op Ar version Op Ar to" says "diagram [VERSION [TO]]". */
static char *
command_of(const char *line)
{
	const char *at = line + strlen(".It Cm ");
	int			open = 0;
	char	   *command;
	size_t		length;
	FILE	   *stream = mem_stream_open(&command, &length);

	fprintf(stream, "%.*s", (int) strcspn(at, " "), at);
	while ((at = strchr(at, ' ')) != NULL) {
		bool		optional = strncmp(at, " Op Ar ", 7) == 0;

		at += strlen(optional ? " Op Ar " : " Ar ");
		fputs(optional ? " [" : " ", stream);
		open += optional;
		for (; *at && *at != ' '; at++)
			fputc(toupper((unsigned char) *at), stream);
	}
	for (; open > 0; open--)
		fputc(']', stream);
	mem_stream_close(stream);
	return command;
}

/* ".It Fl d Ar dbname , Fl -dbname Ns = Ns Ar dbname" says "-d" and "--dbname=". */
static void
add_options(const char *line, struct lines *options)
{
	for (const char *at = line; (at = strstr(at, " Fl ")) != NULL;) {
		int			length;
		const char *value;

		at += strlen(" Fl ");
		length = (int) strcspn(at, " ");
		value = strncmp(at + length, " Ns = ", 6) == 0 ? "=" : strncmp(at + length, " Ns Op = ", 9) == 0 ? "[=]" : "";
		lines_add(options, mem_format("-%.*s%s", length, at, value));
	}
}

static void
expect_same(struct lines *in_help, struct lines *in_page, const char *what)
{
	char	   *difference;

	lines_sort(in_help);
	lines_sort(in_page);
	difference = lines_difference(in_help, in_page, NULL, NULL);
	ck_assert_msg(!difference, "%s of the help (-) and of " PAGE " (+):\n%s", what, difference);
	lines_clear(in_help);
	lines_clear(in_page);
}

START_TEST(each_command_is_there)
{
	struct lines in_help = {0};
	struct lines in_page = {0};
	char	   *page = read_page(PAGE);
	const char *at = page;
	char	   *line;

	read_commands(&in_help);
	ck_assert_uint_gt(in_help.count, 10);
	for (; (line = next_line(&at)) != NULL; mem_free(line))
		if (strncmp(line, ".It Cm ", 7) == 0)
			lines_add(&in_page, command_of(line));
	expect_same(&in_help, &in_page, "commands");
	free(page);
}
END_TEST

START_TEST(each_option_is_there)
{
	struct lines commands = {0};
	struct lines in_help = {0};
	struct lines in_page = {0};
	char	   *page = read_page(PAGE);
	const char *at = page;
	char	   *line;

	read_commands(&commands);
	for (size_t i = 0; i < commands.count; i++) {
		commands.items[i][strcspn(commands.items[i], " ")] = '\0';
		read_options(commands.items[i], &in_help);
	}
	ck_assert_uint_gt(in_help.count, 100);
	for (; (line = next_line(&at)) != NULL; mem_free(line))
		if (strncmp(line, ".It Fl ", 7) == 0)
			add_options(line, &in_page);
	expect_same(&in_help, &in_page, "options");
	lines_clear(&commands);
	free(page);
}
END_TEST

/* ".Pq Cm status , plan ." after an option: only those commands take it. */
static void
expect_takers(const char *option, const char *takers)
{
	struct lines commands = {0};

	read_commands(&commands);
	for (size_t i = 0; i < commands.count; i++) {
		struct lines options = {0};
		char	   *named;
		bool		listed;

		commands.items[i][strcspn(commands.items[i], " ")] = '\0';
		named = mem_format(" %s ", commands.items[i]);
		listed = strstr(takers, named) != NULL;
		read_options(commands.items[i], &options);
		lines_sort(&options);
		ck_assert_msg(lines_have(&options, option) == listed, "%s: %s takes it, says " PAGE ": %d", option,
					  commands.items[i], listed);
		mem_free(named);
		lines_clear(&options);
	}
	lines_clear(&commands);
}

START_TEST(options_of_each_command)
{
	struct lines options = {0};
	char	   *page = read_page(PAGE);
	const char *at = page;
	char	   *line;
	int			lists = 0;

	for (; (line = next_line(&at)) != NULL; mem_free(line))
		if (strncmp(line, ".It Fl ", 7) == 0) {
			lines_clear(&options);
			add_options(line, &options);
		} else if (strncmp(line, ".Pq Cm ", 7) == 0) {
			ck_assert_uint_eq(options.count, 1);
			expect_takers(options.items[0], line + strlen(".Pq Cm"));
			lists++;
		}
	ck_assert_int_ge(lists, 6);
	lines_clear(&options);
	free(page);
}
END_TEST

/* "half_way.version", "pending[].name": the members of an object, and of those in it. */
static void
add_fields(const json_t *object, const char *within, struct lines *fields)
{
	void	   *at = json_object_iter((json_t *) (uintptr_t) object);

	for (; at; at = json_object_iter_next((json_t *) (uintptr_t) object, at)) {
		const json_t *value = json_object_iter_value(at);
		char	   *name = mem_format("%s%s", within, json_object_iter_key(at));
		char	   *deeper = mem_format(json_is_array(value) ? "%s[]." : "%s.", name);

		lines_add(fields, name);
		if (json_is_object(value))
			add_fields(value, deeper, fields);
		for (size_t i = 0; i < json_array_size(value); i++)
			add_fields(json_array_get(value, i), deeper, fields);
		mem_free(deeper);
	}
}

static void
add_fields_of_status(const char *conninfo, int status, struct lines *fields)
{
	struct process process;
	json_t	   *json;

	tool_run(&process, conninfo, ARGS("status", "--json"));
	ck_assert_int_eq(process.status, status);
	json = json_loads(process.out, 0, NULL);
	ck_assert_ptr_nonnull(json);
	process_clear(&process);
	add_fields(json, "", fields);
	json_decref(json);
}

/* In all states with fields of their own: unknown, not under version control, behind, incomplete in a batch. */
START_TEST(each_field_of_status_is_there)
{
	struct lines fields = {0};
	struct lines in_page = {0};
	char	   *page = read_page(STATUS_PAGE);
	const char *at = page;
	char	   *conninfo = lineage_current("fitsdata", 37);
	char	   *unversioned = server_conninfo(server_main(), "fitsdata", "postgres");
	PGconn	   *connection = sql_connect(conninfo);
	PGconn	   *blocker;
	char	   *line;

	add_fields_of_status("host=/nonexistent", 3, &fields);
	add_fields_of_status(unversioned, 3, &fields);
	mem_free(unversioned);
	add_fields_of_status(conninfo, 1, &fields);
	sql_exec(connection, "INSERT INTO file (name) SELECT 'a' || i FROM generate_series(1, 5000) i;"
			 " INSERT INTO diskfile (file_id, filename, lastmod) SELECT id, name, now() FROM file");
	blocker = block_begin(conninfo, "SELECT FROM diskfile ORDER BY id DESC LIMIT 1 FOR UPDATE");
	tool_expect(conninfo, ARGS("upgrade", "--lock-timeout=100ms", "--lock-retries=0"), 2, "", "lock timeout");
	block_end(blocker);
	add_fields_of_status(conninfo, 2, &fields);
	for (; (line = next_line(&at)) != NULL; mem_free(line))
		if (strncmp(line, "| `", 3) == 0 && strstr(page, "## --json") < at)
			lines_add(&in_page, mem_copy(line + 3, strcspn(line + 3, "`")));
	lines_sort(&fields);
	lines_sort(&in_page);
	line = lines_difference(&fields, &in_page, NULL, NULL);
	ck_assert_msg(!line, "fields of status (-) and of " STATUS_PAGE " (+):\n%s", line);
	lines_clear(&fields);
	lines_clear(&in_page);
	PQfinish(connection);
	mem_free(conninfo);
	free(page);
}
END_TEST

Suite *
manual_page_suite(void)
{
	Suite	   *suite = suite_create("manual_page");
	TCase	   *tcase = tcase_create("manual");
	TCase	   *status = tcase_create("status");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, each_command_is_there);
	tcase_add_test(tcase, each_option_is_there);
	tcase_add_test(tcase, options_of_each_command);
	suite_add_tcase(suite, tcase);

	tcase_add_unchecked_fixture(status, server_setup, NULL);
	tcase_set_timeout(status, 120);
	tcase_add_test(status, each_field_of_status_is_there);
	suite_add_tcase(suite, status);
	return suite;
}
