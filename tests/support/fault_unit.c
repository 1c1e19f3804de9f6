/* The messages of a command in units. */
#include "support/fault_unit.h"

#include <check.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

enum {
	ANSWERS = 4					/* to a command that returns no rows: parsed, bound, no data, done */
};

struct fault_ground fault_ground;

static const char *
find_prepared(const struct fault_follower *follower, const char *name)
{
	for (size_t i = 0; i < FAULT_PREPARED && follower->prepared[i].name; i++)
		if (strcmp(follower->prepared[i].name, name) == 0)
			return follower->prepared[i].text;
	ck_abort_msg("nothing is prepared by the name \"%s\"", name);
}

/*
 * The text of the command in this message of the client, or "". A Parse has a name and then the text; a Bind has the
 * name of the portal, which is empty, and then that of the statement. A prepared statement is sent by its Bind alone.
 */
static const char *
text_of(const struct fault_follower *follower, const struct proxy_message *message)
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

int
fault_find_unit(int step, int done, bool opening)
{
	for (int i = 1; i < fault_ground.count; i++) {
		const struct fault_unit *unit = &fault_ground.units[i];

		if (!unit->reading && unit->step == step && (opening || (unit->done == done && !unit->opening)))
			return i;
	}
	ck_abort_msg("there is no unit for step %d, %d statements done", step, done);
}

int
fault_step_at(int version)
{
	int			before = fault_ground.truth.scenario->before;

	return version > before ? version - before : before - version;
}

static int
new_unit(struct fault_follower *follower)
{
	const struct fault_unit *last = &fault_ground.units[fault_ground.count - 1];
	struct fault_unit unit = {.step = last->step,.done = last->done};

	unit.done += follower->notes_progress;
	if (follower->ends_step) {
		unit.step++;
		unit.done = 0;
	}
	follower->notes_progress = follower->ends_step = false;
	fault_ground.units = mem_grow(fault_ground.units, (size_t) fault_ground.count + 1, sizeof(*fault_ground.units));
	fault_ground.units[fault_ground.count] = unit;
	return fault_ground.count++;
}

static void
enter_unit(struct fault_follower *follower, int unit)
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
next_unit(struct fault_follower *follower)
{
	/* Once when the session is made ready at first, and then for each script. */
	if (++follower->puts_back == 1)
		return;
	if (follower->tracing)
		enter_unit(follower, new_unit(follower));
	else if (follower->puts_back == 2)
		enter_unit(follower, fault_find_unit(fault_step_at(follower->from.version), 0, true));
	else if (follower->puts_back == 3 && follower->from.done > 0)
		enter_unit(follower, fault_find_unit(fault_step_at(follower->from.version), follower->from.done, false));
	else
		enter_unit(follower, follower->unit + 1);
}

int
fault_find_reading(bool last)
{
	int			unit = last ? fault_ground.count - 1 : 1;

	return unit < fault_ground.count && fault_ground.units[unit].reading ? unit : 0;
}

static void
next_reading(struct fault_follower *follower)
{
	bool		last = follower->puts_back > 1;

	if (follower->tracing) {
		enter_unit(follower, new_unit(follower));
		fault_ground.units[follower->unit].reading = true;
	} else
		enter_unit(follower, fault_find_reading(last));
	ck_assert_int_gt(follower->unit, 0);
}

/* Learn about the unit from its messages. */
static void
trace(struct fault_follower *follower, const struct proxy_message *message, int place, int number)
{
	struct fault_unit *unit = &fault_ground.units[follower->unit];
	const char *text = text_of(follower, message);

	fault_ground.units[place].count[message->sender] = number;
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
prepares(struct fault_follower *follower, const struct proxy_message *message)
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
		ck_assert_uint_lt(++free_place, FAULT_PREPARED);
	follower->prepared[free_place].name = mem_string(name);
	follower->prepared[free_place].text = mem_string(name + strlen(name) + 1);
	return true;
}

static void
count_asked(struct fault_follower *follower, const struct proxy_message *message)
{
	if (message->sender != PROXY_CLIENT)
		return;
	if (message->type == 'S')
		follower->asked = 0;
	else if (message->type == 'P')
		follower->asked++;
}

bool
fault_follow(struct proxy_message *message, void *context)
{
	struct fault_follower *follower = context;
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

void
fault_follow_end(struct fault_follower *follower)
{
	for (size_t i = 0; i < FAULT_PREPARED; i++) {
		mem_free(follower->prepared[i].name);
		mem_free(follower->prepared[i].text);
	}
	mem_free(follower->named);
}
