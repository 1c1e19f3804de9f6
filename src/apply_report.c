/* What is said when a migration fails. */
#include "apply_private.h"
#include "mem.h"
#include "position.h"
#include "report.h"
#include "signals.h"

#include "banned.h"

static char stopped_message[] = "stopped by a signal";

const struct db_error apply_stopped = {.sqlstate = "57014",.message = stopped_message};

bool
apply_is_stop(const struct db_error *error)
{
	/* Cancelled, or not tried again after waiting for a lock or a deadlock. */
	return signals_stop() && (db_is(error, "57014") || db_is(error, "55P03") || db_is(error, "40P01"));
}

bool
apply_is_refusal(const struct db_error *error)
{
	/* Those without an SQLSTATE are this program's own. */
	return !error->lost && !apply_is_stop(error)
		&& (!error->sqlstate[0] || db_is(error, "55P03") || db_is(error, "40P01"));
}

char *
apply_standing(const struct job *job)
{
	if (job->step.before < 0)
		return mem_string("Rolled back; the database is as it was.");
	return mem_format("Rolled back; the database stays at version %d.", job->step.before);
}

/* Say where it was, and show the line that the server complained of. */
static void
report_place(const struct apply_place *place, const struct db_error *error, const char *standing)
{
	const struct source *source = place->source;
	struct position at = position_find(source->text, source->length, place->offset,
									   error->position > 0 ? (unsigned) error->position - 1 : 0);
	bool		in_folder = !history.snapshot || source != &history.snapshot->source;
	char	   *line;

	report_detail("%s%s%s, line %u, column %u. %s", in_folder ? history.folder : "", in_folder ? "/" : "", source->file,
				  at.line, at.column, standing);
	if (error->position == 0)
		return;
	line = mem_copy(source->text + at.line_start, at.line_length);
	for (char *c = line; *c; c++)
		if (*c == '\t')
			*c = ' ';
	report_detail("%s", line);
	report_detail("%*s", (int) at.column, "^");
	mem_free(line);
}

/* What a migration builds on is missing, or what it makes is there already. */
static bool
is_unexpected(const struct db_error *error)
{
	static const char *const codes[] = {
		"42P01", "42703", "42704", "42883", "3F000",	/* undefined: table, column, object, function, schema */
		"42P07", "42701", "42710", "42723", "42P06"		/* duplicate: table, column, object, function, schema */
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (db_is(error, codes[i]))
			return true;
	return false;
}

void
apply_report(const struct session *session, const struct job *job, const struct apply_place *place,
			 const struct db_error *error, const char *standing)
{
	if (apply_is_stop(error))
		report_error("%s was stopped by %s", job->title, signals_stop());
	else
		report_error("%s failed%s%s: %s%s%s%s", job->title, place->doing ? " " : "", place->doing ? place->doing : "",
					 error->message, error->sqlstate[0] ? " (" : "", error->sqlstate, error->sqlstate[0] ? ")" : "");
	if (error->detail)
		report_detail_lines(error->detail);
	if (error->context)
		report_detail_lines(error->context);
	/* lock_not_available */
	if (db_is(error, "55P03") && session->blocker)
		report_detail("The lock was held by %s", session->blocker);
	if (place->source)
		report_place(place, error, standing);
	else
		report_detail("%s", standing);
	if (error->hint)
		report_hint("%s", error->hint);
	/* lock_not_available; insufficient_privilege, which for DDL means to be somebody else's */
	if (apply_is_stop(error))
		report_hint("Run the same command again to go on.");
	else if (db_is(error, "55P03"))
		report_hint("Run the same command again at a quieter time, or with more --lock-retries.");
	else if (db_is(error, "42501") && session->superuser && session->acting)
		report_hint("It was run as %s, the database's owner. If the object belongs to a superuser, give --role=LOGIN, with"
					" the name that you connect as; not if it belongs to another role.", session->acting);
	else if (db_is(error, "42501") && !error->hint)
		report_hint("What the migrations change must belong to the database's owner: see ALTER ... OWNER TO.");
	else if (is_unexpected(error) && place->source && job->step.before >= 0)
		report_hint("If the schema is not that of version %d: \"" PROGRAM " verify\" says how it differs, \"" PROGRAM
					" identify\" which version it is.", job->step.before);
	session_hint(error);
}
