/*
 * Wrong answers from the server: a value is changed, missing or null, or a message has another type. The command ends
 * by itself, with one of its exit statuses, and the database is not damaged.
 *
 * GARBLE in the environment is the number of tries for each command (default 40), GARBLE_SEED the first one.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/chance.h"
#include "support/facts.h"
#include "support/lineage.h"
#include "support/proxy.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define USUAL_TRIES 40

static const struct {
	const char *arguments[3];
	bool		changes;		/* it changes the database */
}			commands[] = {
	{{"status"}, false},
	{{"status", "--json"}, false},
	{{"status", "--short"}, false},
	{{"list"}, false},
	{{"list", "--json"}, false},
	{{"log"}, false},
	{{"log", "--json"}, false},
	{{"upgrade", "--sql"}, false},
	{{"upgrade"}, true},
	{{"downgrade", "33"}, true},
	{{"stamp", "34"}, true},
};

/* The wrong values. */
static const char *const oddities[] = {
	"", "-1", "0", "1", "t", "f", "39", "40", "2147483647", "2147483648", "-2147483649",
	"99999999999999999999", "NaN", "'; DROP",
	"\xff\xfe", "[]", "[{\"sql\":1}]", "{\"sql\":\"SELECT 1\"}", "[{\"sql\":\"SELECT 1\"}]",
	"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
};

enum {
	ODDITY_COUNT = sizeof(oddities) / sizeof(oddities[0]),
	COPY_HEADER = 19
};

struct garbler {
	unsigned	random;			/* the state of the generator */
	int			number;			/* of the server's message to change; 0: none, they are counted */
	int			last;			/* how many there were */
	bool		rows_only;
	unsigned char *body;		/* made for it */
	bool		garbled;
};

static unsigned
draw(struct garbler *garbler, unsigned below)
{
	return chance_draw(&garbler->random, below);
}

static void
put_number(unsigned char *at, size_t number, int bytes)
{
	for (int i = 0; i < bytes; i++)
		at[i] = (unsigned char) (number >> (8 * (bytes - 1 - i)));
}

/* Does it have a row? A query's rows are DataRow messages; a row of a binary COPY has the same format. */
static bool
is_row(const struct proxy_message *message)
{
	return message->type == 'D' || message->type == 'd';
}

/* The start of the row in the message: COPY's header stands before its first row. */
static size_t
begin_of_row(const struct proxy_message *message)
{
	return message->type == 'd' && message->length > COPY_HEADER && memcmp(message->body, "PGCOPY\n", 7) == 0
		? COPY_HEADER : 0;
}

/* A row with one value replaced, by another one or by null. */
static void
replace_value(struct garbler *garbler, struct proxy_message *message)
{
	size_t		begin = begin_of_row(message);
	const unsigned char *row = message->body + begin;
	size_t		columns = message->length >= begin + 2 ? (size_t) (row[0] << 8 | row[1]) : 0;
	size_t		chosen = columns > 0 ? draw(garbler, (unsigned) columns) : 0;
	unsigned	oddity = draw(garbler, ODDITY_COUNT + 1);
	const char *value = oddity < ODDITY_COUNT ? oddities[oddity] : NULL;
	size_t		room = message->length + 128;
	size_t		used = begin + 2;
	const unsigned char *from = row + 2;

	/* A special number of columns ends COPY's rows. */
	if (columns == 0 || columns == 0xffff)
		return;
	garbler->body = mem_alloc(room);
	memcpy(garbler->body, message->body, begin + 2);
	for (size_t i = 0; i < columns; i++) {
		size_t		length = (size_t) from[0] << 24 | (size_t) from[1] << 16 | (size_t) from[2] << 8 | from[3];
		size_t		content = length == 0xffffffff ? 0 : length;

		if (i == chosen) {
			put_number(garbler->body + used, value ? strlen(value) : 0xffffffff, 4);
			memcpy(garbler->body + used + 4, value ? value : "", value ? strlen(value) : 0);
			used += 4 + (value ? strlen(value) : 0);
		} else {
			memcpy(garbler->body + used, from, 4 + content);
			used += 4 + content;
		}
		from += 4 + content;
	}
	message->body = garbler->body;
	message->length = used;
}

static void
garble(struct garbler *garbler, struct proxy_message *message)
{
	static const char types[] = "123CDEGHIKNRSTVZAcdnst?";

	garbler->garbled = true;
	switch (draw(garbler, 4)) {
		case 0:
			message->type = types[draw(garbler, sizeof(types) - 1)];
			break;
		case 1:
			if (message->length > 0)
				message->body[draw(garbler, (unsigned) message->length)] = (unsigned char) draw(garbler, 256);
			break;
		case 2:
			message->length -= message->length > 0 ? 1 + draw(garbler, (unsigned) message->length) : 0;
			break;
		default:
			if (is_row(message))
				replace_value(garbler, message);
	}
}

static bool
look(struct proxy_message *message, void *context)
{
	struct garbler *garbler = context;

	if (message->sender != PROXY_SERVER || (garbler->rows_only && !is_row(message)))
		return false;
	garbler->last++;
	if (garbler->last != garbler->number)
		return false;
	if (garbler->rows_only) {
		garbler->garbled = true;
		replace_value(garbler, message);
	} else
		garble(garbler, message);
	return false;
}

/* Run it through the proxy; returns the number of messages that could be changed. */
static int
run(struct proxy *proxy, const char *const *arguments, struct garbler *garbler)
{
	/* Both may be waiting for the other then. */
	const struct proxy_plan plan = {.look = look,.context = garbler,.patience = garbler->number > 0 ? 300 : 0};
	char	   *conninfo = proxy_conninfo(proxy, "fitsdata", "fitsdata");
	struct process process;

	garbler->last = 0;
	tool_start(&process, conninfo, arguments);
	proxy_serve(proxy, &process, &plan);
	process_wait(&process);
	ck_assert_msg(process.status >= 0 && process.status <= 3, "it ended with status %d\n--- stdout:\n%s--- stderr:\n%s",
				  process.status, process.out, process.err);
	/* A failure needs a message. */
	ck_assert_msg(process.status <= 1 || process.err[0] || process.out[0], "it has ended with %d, silently",
				  process.status);
	process_clear(&process);
	mem_free(conninfo);
	mem_free(garbler->body);
	garbler->body = NULL;
	return garbler->last;
}

static void
restore(void)
{
	server_execute("postgres", "DROP DATABASE IF EXISTS fitsdata");
	server_execute("postgres", "CREATE DATABASE fitsdata OWNER fitsdata TEMPLATE before");
}

/*
 * If a wrong answer makes libpq begin another result, libpq leaks the current one. AddressSanitizer ignores that: the
 * program ends.
 */
static void
set_leaks_aside(void)
{
	const char *options = getenv("ASAN_OPTIONS");

	if (options) {
		char	   *more = mem_format("%s:detect_leaks=0", options);

		setenv("ASAN_OPTIONS", more, 1);
		mem_free(more);
	}
}

/* At version 35, with all records. */
static void
setup(void)
{
	char	   *conninfo = lineage_current("before", 35);

	set_leaks_aside();
	mem_free(conninfo);
}

/* Commands that run statements keep the version correct; a stamp corrects a wrong stamp. */
static void
expect_unharmed(const char *command)
{
	char	   *conninfo = server_conninfo(server_main(), "fitsdata", "fitsdata");
	PGconn	   *connection;

	if (strcmp(command, "stamp") == 0)
		tool_expect(conninfo, ARGS("stamp", "35"), 0, "", "");
	tool_expect(conninfo, ARGS("upgrade"), 0, "", "");
	connection = sql_connect(conninfo);
	facts_expect_version(connection, "v037");
	PQfinish(connection);
	mem_free(conninfo);
}

START_TEST(garbled_answers_are_survived)
{
	long		tries = chance_setting("GARBLE", USUAL_TRIES);
	long		seed = chance_setting("GARBLE_SEED", 1);
	struct proxy *proxy = proxy_open(server_main());
	struct garbler garbler = {0};
	int			messages[2];

	restore();
	messages[false] = run(proxy, commands[_i].arguments, &garbler);
	garbler.rows_only = true;
	restore();
	messages[true] = run(proxy, commands[_i].arguments, &garbler);
	restore();
	for (long i = seed; i < seed + tries; i++) {
		garbler = (struct garbler) {.random = (unsigned) i * 2654435761U,.rows_only = i % 2};
		garbler.number = 1 + (int) draw(&garbler, (unsigned) messages[garbler.rows_only]);
		run(proxy, commands[_i].arguments, &garbler);
		ck_assert_msg(garbler.garbled, "seed %ld: message %d did not come", i, garbler.number);
		if (commands[_i].changes) {
			expect_unharmed(commands[_i].arguments[0]);
			restore();
		}
	}
	proxy_close(proxy);
}
END_TEST

Suite *
protocol_garbage_suite(void)
{
	Suite	   *suite = suite_create("protocol_garbage");
	TCase	   *tcase = tcase_create("garble");

	tcase_add_unchecked_fixture(tcase, setup, NULL);
	tcase_set_timeout(tcase, 3600);
	tcase_add_loop_test(tcase, garbled_answers_are_survived, 0, sizeof(commands) / sizeof(commands[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
