/* The fault campaign: runs a command again and again, with a fault at each message. */
#include "support/fault.h"

#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/mem.h"
#include "support/fault_private.h"
#include "support/proxy.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

enum {
	ANSWERS = 4,				/* to a command that returns no rows: parsed, bound, no data, done */
	PREPARED = 32				/* statements, at most */
};

/*
 * A command's messages are counted in units. The first unit comes before the first script; each other one begins where
 * the session is reset for a script or for a part of it. Messages that are sent before that in the same pipeline, such
 * as the COMMIT of the previous script, belong to the previous unit, and so do their answers. Messages that prepare a
 * statement for the session come with its first use, and belong to the first unit. So a message has the same number in
 * its unit wherever the command begins.
 *
 * An upgrade reads the schema before its first script and after its last one. Each reading begins a unit, which goes on
 * to the next script or to the end. How many messages the first reading has depends on the schema that it finds, so its
 * points are tried in commands that begin at the scenario's version only.
 */
struct unit {
	int			step;			/* of the steps from version to version, from 0 */
	int			done;			/* so many of the step's statements come before it */
	bool		opening;		/* it commits that a step in single statements is begun */
	bool		probes;			/* it counts the tables' rows, since the statement before it has committed by itself */
	bool		reading;		/* it begins with a reading of the schema */
	int			read;			/* the client's last message of that */
	int			count[PROXY_SENDERS];
	int			commit[PROXY_SENDERS];	/* the first message of the COMMIT that it waits for, or 0 */
	bool	   *wanted[PROXY_SENDERS];	/* by the message's number: still to be tried? */
};

static struct {
	struct fault_truth truth;
	struct unit *units;
	int			count;
} ground;

/* The unit of the messages that pass. */
struct follower {
	bool		tracing;		/* the units are being found out */
	struct fault_place from;
	int			puts_back;		/* how often the session was put back */
	int			unit;
	int			number[PROXY_SENDERS];
	int			asked;			/* commands sent since the client has last waited */
	int			owed;			/* answers still to come to what was sent for the unit before */
	int			unit_before;
	int			number_before;	/* of its last answer */
	int			prepares[PROXY_SENDERS];	/* the number of the last message that belongs to the first unit */
	struct {
		char	   *name;
		char	   *text;
	}			prepared[PREPARED];
	size_t		parses;			/* the parses that were sent, and what has been answered of them */
	size_t		parsed;
	bool	   *named;			/* for each: does it prepare a statement? */
	bool		notes_progress; /* the unit that is traced does */
	bool		ends_step;
	/* the point to strike at */
	int			target;
	enum proxy_sender sender;
	int			target_number;
	/* and how */
	enum fault_kind kind;
	const struct process *process;
};

static const char *
find_prepared(const struct follower *follower, const char *name)
{
	for (size_t i = 0; i < PREPARED && follower->prepared[i].name; i++)
		if (strcmp(follower->prepared[i].name, name) == 0)
			return follower->prepared[i].text;
	ck_abort_msg("nothing is prepared by the name \"%s\"", name);
}

/*
 * The text of the command in this message of the client, or "". A Parse has a name and then the text; a Bind has the
 * name of the portal, which is empty, and then that of the statement. A prepared statement is sent by its Bind alone.
 */
static const char *
text_of(const struct follower *follower, const struct proxy_message *message)
{
	const char *body = (const char *) message->body;

	if (message->sender != PROXY_CLIENT)
		return "";
	if (message->type == 'P')
		return body[0] ? "" : body + 1;
	return message->type == 'B' && body[1] ? find_prepared(follower, body + 1) : "";
}

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* The unit of the first step, and of the step that goes on after an opening. */
static int
find_unit(int step, int done, bool opening)
{
	for (int i = 1; i < ground.count; i++) {
		const struct unit *unit = &ground.units[i];

		if (!unit->reading && unit->step == step && (opening || (unit->done == done && !unit->opening)))
			return i;
	}
	ck_abort_msg("there is no unit for step %d, %d statements done", step, done);
}

static int
step_at(int version)
{
	int			before = ground.truth.scenario->before;

	return version > before ? version - before : before - version;
}

static int
new_unit(struct follower *follower)
{
	const struct unit *last = &ground.units[ground.count - 1];
	struct unit unit = {.step = last->step,.done = last->done};

	unit.done += follower->notes_progress;
	if (follower->ends_step) {
		unit.step++;
		unit.done = 0;
	}
	follower->notes_progress = follower->ends_step = false;
	ground.units = mem_grow(ground.units, (size_t) ground.count + 1, sizeof(*ground.units));
	ground.units[ground.count] = unit;
	return ground.count++;
}

static void
enter_unit(struct follower *follower, int unit)
{
	follower->owed = follower->asked * ANSWERS;
	follower->unit_before = follower->unit;
	follower->number_before = follower->number[PROXY_SERVER];
	if (follower->unit == 0) {
		follower->prepares[PROXY_CLIENT] = follower->number[PROXY_CLIENT];
		follower->prepares[PROXY_SERVER] = follower->number_before + follower->owed;
	}
	follower->unit = unit;
	memset(follower->number, 0, sizeof(follower->number));
}

static void
next_unit(struct follower *follower)
{
	/* Once when the session is made ready at first, and then for each script. */
	if (++follower->puts_back == 1)
		return;
	if (follower->tracing)
		enter_unit(follower, new_unit(follower));
	else if (follower->puts_back == 2)
		enter_unit(follower, find_unit(step_at(follower->from.version), 0, true));
	else if (follower->puts_back == 3 && follower->from.done > 0)
		enter_unit(follower, find_unit(step_at(follower->from.version), follower->from.done, false));
	else
		enter_unit(follower, follower->unit + 1);
}

/* The unit that begins with the first or the last reading of the schema, or 0. */
static int
find_reading(bool last)
{
	int			unit = last ? ground.count - 1 : 1;

	return unit < ground.count && ground.units[unit].reading ? unit : 0;
}

static void
next_reading(struct follower *follower)
{
	bool		last = follower->puts_back > 1;

	if (follower->tracing) {
		enter_unit(follower, new_unit(follower));
		ground.units[follower->unit].reading = true;
	} else
		enter_unit(follower, find_reading(last));
	ck_assert_int_gt(follower->unit, 0);
}

/* Learn about the unit from its messages. */
static void
trace(struct follower *follower, const struct proxy_message *message, int place, int number)
{
	struct unit *unit = &ground.units[follower->unit];
	const char *text = text_of(follower, message);

	ground.units[place].count[message->sender] = number;
	if (strstr(text, "settled = false"))
		unit->opening = true;
	if (strstr(text, "pg_stat_get_xact_tuples_deleted") && !strstr(text, "track_counts"))
		unit->probes = true;
	if (strstr(text, "SET statement = "))
		follower->notes_progress = true;
	if (strstr(text, "settled = true")) {
		follower->ends_step = true;
		/* If the end could not be committed, it begins with all statements done. */
		unit->done += follower->notes_progress;
	}
	/* A statement that emptied an empty table is run a second time. */
	if (message->fresh && begins(text, "ROLLBACK"))
		follower->notes_progress = follower->ends_step = false;
	if (unit->reading && unit->read == 0 && begins(text, "COMMIT"))
		unit->read = number;
	if (message->fresh && begins(text, "COMMIT")) {
		unit->commit[PROXY_CLIENT] = follower->number[PROXY_CLIENT];
		unit->commit[PROXY_SERVER] = follower->number[PROXY_SERVER] + 1;
	}
}

/* Record statements that are parsed under a name. Does the message belong to that, or answer it? */
static bool
prepares(struct follower *follower, const struct proxy_message *message)
{
	const char *name = (const char *) message->body;
	size_t		free_place = 0;

	if (message->sender == PROXY_SERVER)
		return message->type == '1' && follower->named[follower->parsed++];
	if (message->type != 'P')
		return false;
	follower->named = mem_grow(follower->named, follower->parses + 1, sizeof(*follower->named));
	follower->named[follower->parses++] = name[0] != '\0';
	if (!name[0])
		return false;
	while (follower->prepared[free_place].name)
		ck_assert_uint_lt(++free_place, PREPARED);
	follower->prepared[free_place].name = mem_string(name);
	follower->prepared[free_place].text = mem_string(name + strlen(name) + 1);
	return true;
}

static void
count_asked(struct follower *follower, const struct proxy_message *message)
{
	if (message->sender != PROXY_CLIENT)
		return;
	if (message->type == 'S')
		follower->asked = 0;
	else if (message->type == 'P')
		follower->asked++;
}

static bool
follow(struct proxy_message *message, void *context)
{
	struct follower *follower = context;
	bool		preparing;
	int			unit;
	int			number;

	if (begins(text_of(follower, message), "DISCARD TEMP"))
		next_unit(follower);
	else if (begins(text_of(follower, message), "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
		next_reading(follower);
	count_asked(follower, message);
	preparing = prepares(follower, message);
	if (preparing && follower->unit > 0) {
		unit = 0;
		number = ++follower->prepares[message->sender];
	} else if (message->sender == PROXY_SERVER && follower->owed > 0) {
		follower->owed--;
		unit = follower->unit_before;
		number = ++follower->number_before;
	} else {
		unit = follower->unit;
		number = ++follower->number[message->sender];
	}
	if (follower->tracing)
		trace(follower, message, unit, number);
	return number == follower->target_number && unit == follower->target && message->sender == follower->sender;
}

static void
strike(void *context)
{
	const struct follower *follower = context;

	if (follower->kind == FAULT_KILL)
		process_signal(follower->process, SIGKILL);
	else if (follower->kind == FAULT_STOP) {
		server_stop(server_main());
		server_begin(server_main());
	}
}

/* Run the command through the proxy; true: the fault happened. The caller clears the process. */
static bool
run(struct process *process, struct follower *follower)
{
	const struct proxy_plan plan = {.look = follow,.strike = strike,.context = follower};
	struct proxy *proxy = proxy_open(server_main());
	char	   *conninfo = proxy_conninfo(proxy, "fitsdata", FAULT_DATABASE);
	bool		struck;

	tool_start(process, conninfo, ground.truth.scenario->arguments);
	follower->process = process;
	struck = proxy_serve(proxy, process, &plan);
	process_wait(process);
	for (size_t i = 0; i < PREPARED; i++) {
		mem_free(follower->prepared[i].name);
		mem_free(follower->prepared[i].text);
	}
	mem_free(follower->named);
	mem_free(conninfo);
	proxy_close(proxy);
	return struck;
}

/* Let the command end well. */
static void
run_to_the_end(struct follower *follower)
{
	struct process process;

	run(&process, follower);
	tool_wrote(&process, 0, "", "");
	process_clear(&process);
	fault_truth_expect_end(&ground.truth);
}

void
fault_prepare(const struct fault_scenario *scenario)
{
	struct follower follower = {.tracing = true};

	fault_truth_init(&ground.truth, scenario);
	fault_truth_restore(&ground.truth);
	ground.units = mem_alloc(sizeof(*ground.units));
	ground.count = 1;
	run_to_the_end(&follower);
	/* The processes that the tests are have connections of their own. */
	fault_truth_disconnect(&ground.truth);
}

int
fault_messages(void)
{
	int			sum = 0;

	for (int i = 0; i < ground.count; i++)
		sum += ground.units[i].count[PROXY_CLIENT] + ground.units[i].count[PROXY_SERVER];
	return sum;
}

/* Which points are this campaign's. */
static void
choose_points(enum fault_kind kind, int share)
{
	int			serial = 0;
	int			step = kind == FAULT_STOP ? share * 10 : share;

	for (int i = 0; i < ground.count; i++)
		for (int sender = 0; sender < PROXY_SENDERS; sender++) {
			struct unit *unit = &ground.units[i];

			unit->wanted[sender] = mem_alloc((size_t) unit->count[sender] + 1);
			for (int number = 1; number <= unit->count[sender]; number++, serial++) {
				bool		commit = unit->commit[sender] > 0 && number >= unit->commit[sender];

				unit->wanted[sender][number] = serial % (kind == FAULT_STOP && commit ? share : step) == 0;
			}
		}
}

static bool
wanted_in(const struct unit *unit, struct follower *follower)
{
	for (int sender = 0; sender < PROXY_SENDERS; sender++)
		for (int number = 1; number <= unit->count[sender]; number++)
			if (unit->wanted[sender][number]) {
				follower->sender = (enum proxy_sender) sender;
				follower->target_number = number;
				return true;
			}
	return false;
}

/* The first point still to be tried that a command which begins at this place comes by. */
static bool
find_target(struct follower *follower)
{
	int			step = step_at(follower->from.version);
	int			first;
	int			next;

	follower->target = 0;
	if (wanted_in(&ground.units[0], follower))
		return true;
	follower->target = find_reading(false);
	if (follower->target > 0 && step == 0 && !follower->from.half_way
		&& wanted_in(&ground.units[follower->target], follower))
		return true;
	first = follower->target = find_unit(step, 0, true);
	if (wanted_in(&ground.units[first], follower))
		return true;
	next = follower->from.done > 0 ? find_unit(step, follower->from.done, false) : first + 1;
	/* A command that resumes here has counted them when it began. */
	if (follower->from.done > 0 && ground.units[next].probes)
		next++;
	for (follower->target = next; follower->target < ground.count; follower->target++)
		if (wanted_in(&ground.units[follower->target], follower))
			return true;
	return false;
}

static bool
any_wanted(void)
{
	struct follower nobody;

	for (int i = 0; i < ground.count; i++)
		if (wanted_in(&ground.units[i], &nobody))
			return true;
	return false;
}

/* Is the fault in the reading after the last script? */
static enum fault_reading
reading_is_struck(const struct follower *follower)
{
	const struct unit *unit = &ground.units[follower->target];

	if (follower->target == 0 || follower->target != find_reading(true))
		return FAULT_NO_READING;
	return follower->sender == PROXY_CLIENT && follower->target_number <= unit->read
		? FAULT_IN_READING : FAULT_NEAR_READING;
}

/* Cause the fault at the target; returns the state after that. */
static struct fault_place
try_target(struct follower *follower)
{
	struct unit *unit = &ground.units[follower->target];
	struct fault_place to;
	struct process process;
	bool		struck = run(&process, follower);

	unit->wanted[follower->sender][follower->target_number] = false;
	ck_assert_msg(struck, "there was no message %d of the %s in unit %d of %d (step %d, statement %d):\n%s%s",
				  follower->target_number, follower->sender == PROXY_CLIENT ? "client" : "server", follower->target,
				  ground.count, unit->step, unit->done, process.out, process.err);
	if (follower->kind == FAULT_STOP)
		fault_truth_disconnect(&ground.truth);
	to = fault_truth_place(&ground.truth);
	fault_truth_expect(&ground.truth, &follower->from, &to, &process, follower->kind == FAULT_KILL,
					   reading_is_struck(follower));
	process_clear(&process);
	return to;
}

void
fault_campaign(enum fault_kind kind, int share, struct fault_counts *counts)
{
	int			after = ground.truth.scenario->after;
	struct fault_place place;

	choose_points(kind, share);
	fault_truth_restore(&ground.truth);
	place = fault_truth_place(&ground.truth);
	while (any_wanted()) {
		struct follower follower = {.from = place,.kind = kind};

		/* A statement that goes on in the middle has other messages than one that begins. */
		if (place.version != after && !place.within && find_target(&follower)) {
			counts->tried++;
			place = try_target(&follower);
			counts->held++;
			continue;
		}
		/* Also where it has ended already, without its client's knowing. */
		follower.target_number = 0;
		run_to_the_end(&follower);
		fault_truth_restore(&ground.truth);
		place = fault_truth_place(&ground.truth);
	}
	run_to_the_end(&(struct follower) {.from = place});
}
