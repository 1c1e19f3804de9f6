/* status: is the database at this build's version? One connection and, as long as all is well, one round trip. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "back.h"
#include "commands.h"
#include "half_way.h"
#include "history.h"
#include "lock.h"
#include "mem.h"
#include "output.h"
#include "signals.h"
#include "verdict.h"
#include "work.h"

#include "banned.h"

enum {
	PATIENCE = 5000,			/* milliseconds for an answer: a health check must not hang */
	MOST_MISSING = 1000			/* in JSON: a version that was set by hand may be any number */
};

/* What was found out, for whichever way it is said. */
struct finding {
	struct work work;
	struct standing standing;
	enum verdict verdict;
	bool		beyond;			/* the database has, or has begun, what this build does not know */
	struct back back;			/* then: can this build take it back? */
	char	   *runner;			/* who is at work on the migration that is half-way */
	struct half_way half_way;	/* and how far that has got */
	size_t		note_count;
	char	   *notes[6];
};

static void
note(struct finding *finding, char *text)
{
	finding->notes[finding->note_count++] = text;
}

static void
note_position(struct finding *finding, const struct partial *partial, const char *position)
{
	char	   *far = half_way_text(&finding->half_way);

	note(finding, mem_format("%smigration %d %s statement %d, whose keys below %s are done%s%s", partial->up ? "" : "down ",
							 partial->version, finding->runner ? "has got to" : "stopped in", partial->statements + 1,
							 position, far ? ": " : "", far ? far : ""));
	mem_free(far);
}

static void
note_half_way(struct finding *finding, const struct partial *partial, const char *position)
{
	const char *direction = partial->up ? "" : "down ";

	if (finding->runner)
		note(finding, mem_format("%smigration %d is being run by %s", direction, partial->version, finding->runner));
	if (position)
		note_position(finding, partial, position);
	else if (finding->runner)
		return;
	else if (partial->statements == 0)
		note(finding, mem_format("%smigration %d stopped before its first statement was done", direction,
								 partial->version));
	else
		note(finding, mem_format("%smigration %d stopped after %d of its statements", direction, partial->version,
								 partial->statements));
}

/* Which versions differ, for the note. */
static char *
differing(struct work *work)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	if (state_load(&work->session, &work->state))
		for (size_t i = 0; i < work->state.count; i++) {
			const struct state_migration *row = &work->state.migrations[i];

			if (row->version >= 0 && row->version <= history.latest && row->version <= work->state.version
				&& strcmp(row->checksum, history.migrations[row->version].source.checksum) != 0)
				fprintf(stream, " %d", row->version);
		}
	mem_stream_close(stream);
	return text;
}

/* Only where there is something to take back: as long as all is well, that costs nothing. */
static void
look_back(struct finding *finding)
{
	struct state *state = &finding->work.state;
	int			highest = state->partial.there && state->partial.version > state->version ? state->partial.version
		: state->version;

	finding->beyond = highest > history.latest;
	if (finding->beyond)
		back_find(&finding->back, &finding->work.session, state, highest, history.latest);
}

static void
judge(struct finding *finding)
{
	struct work *work = &finding->work;
	const struct state *state = &work->state;

	finding->standing = (struct standing) {.version = state->version,.latest = history.latest,
		.half_way = state->partial.there,.differs = state_differs(state)
	};
	if (state->partial.there) {
		finding->runner = lock_holder(&work->session);
		finding->standing.running = finding->runner != NULL;
		half_way_look(&finding->half_way, &work->session, state, finding->standing.running);
	}
	finding->verdict = verdict_of(&finding->standing);
	look_back(finding);

	if (state->partial.there)
		note_half_way(finding, &state->partial, state->partial_position);
	if (finding->standing.differs) {
		char	   *versions = differing(work);

		note(finding, mem_format("the text that was applied is another than this build's in version%s", versions));
		mem_free(versions);
	}
	if (state->has_last && state->last_version != state->version)
		note(finding, mem_format("the version was set by hand: the last recorded change led to %d", state->last_version));
	if (state->hidden)
		note(finding, mem_string("schema fitsdb_schema may not be read by this role, so its record was not compared"));
	if (state->stranger)
		note(finding, mem_string(state->stranger));
}

/* Every version by itself, though not more than a program would want to read. */
static json_t *
missing_downs(const struct back *back)
{
	json_t	   *versions = output_array();

	for (size_t i = 0; i < back->count; i++)
		for (long v = back->gaps[i].first; v <= back->gaps[i].last && json_array_size(versions) < MOST_MISSING; v++)
			output_append(versions, json_integer(v));
	return versions;
}

static json_t *
json_half_way(const struct finding *finding)
{
	const struct state *state = &finding->work.state;
	const struct half_way *far = &finding->half_way;

	return json_pack("{s:i, s:s, s:i, s:o, s:o, s:o, s:b}", "version", state->partial.version, "direction",
					 state->partial.up ? "up" : "down", "statements_done", state->partial.statements, "position",
					 output_text(state->partial_position), "percent", output_known(far->percent), "seconds_left",
					 output_known(far->seconds_left), "running", finding->standing.running);
}

static void
print_json(const struct finding *finding)
{
	const struct state *state = &finding->work.state;
	json_t	   *pending = output_array();
	json_t	   *notes = output_array();
	json_t	   *half_way = json_null();
	json_t	   *can_go_back = json_null();

	for (int v = state->version; v < history.latest; v++)
		output_append(pending, json_pack("{s:i, s:s}", "version", v + 1, "name", history.migrations[v + 1].name));
	for (size_t i = 0; i < finding->note_count; i++)
		output_append(notes, output_text(finding->notes[i]));
	if (state->partial.there)
		half_way = json_half_way(finding);
	if (finding->beyond && finding->back.known)
		can_go_back = json_boolean(back_open(&finding->back));
	output_json(json_pack("{s:s, s:o, s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:s}", "status", verdict_word(finding->verdict),
						  "database", output_text(db_name(finding->work.session.db)), "version", state->version,
						  "latest", history.latest, "pending", pending, "half_way", half_way, "can_go_back",
						  can_go_back, "missing_downs", missing_downs(&finding->back), "notes", notes, "build",
						  history.build));
}

/* What follows the state where this build does not know all of it: a new string. */
static char *
way_back(const struct finding *finding)
{
	char	   *gaps;
	char	   *text;

	if (!finding->beyond)
		return mem_string("");
	if (!finding->back.known)
		return mem_string("; can go back: unknown");
	if (back_open(&finding->back))
		return mem_string("; can go back: yes");
	gaps = back_gaps(&finding->back);
	text = mem_format("; can go back: no, without the down statements of %s", gaps);
	mem_free(gaps);
	return text;
}

/* The state in a sentence's rest; what monitoring and people read alike. */
static char *
sentence(const struct finding *finding)
{
	const char *database = db_name(finding->work.session.db);
	int			version = finding->standing.version;
	char	   *back;
	char	   *text;

	if (finding->verdict == VERDICT_CURRENT)
		return mem_format("%s at version %d, the latest of this build", database, version);
	back = way_back(finding);
	if (finding->verdict == VERDICT_HALF_WAY)
		text = mem_format("%s at version %d, stopped half-way in migration %d, this build has %d%s", database, version,
						  finding->work.state.partial.version, history.latest, back);
	else
		text = mem_format("%s at version %d, this build has %d%s", database, version, history.latest, back);
	mem_free(back);
	return text;
}

/* The text of a line for monitoring plugins: it ends at the line's end, and performance data begin behind a bar. */
static void
print_for_plugins(const char *state, char *text)
{
	for (char *c = text; *c; c++)
		if (*c == '|' || *c == '\n')
			*c = *c == '|' ? '/' : ' ';
	for (const char *c = state; *c; c++)
		putchar(toupper((unsigned char) *c));
	printf(" - %s", text);
}

static void
print_brief(const struct finding *finding)
{
	char	   *what = sentence(finding);
	int			pending = history.latest - finding->standing.version;

	print_for_plugins(finding->verdict == VERDICT_CURRENT ? "OK" : verdict_word(finding->verdict), what);
	printf(" | version=%d latest=%d pending=%d\n", finding->standing.version, history.latest, pending > 0 ? pending : 0);
	mem_free(what);
}

static void
print_hint(const struct finding *finding)
{
	const struct partial *partial = &finding->work.state.partial;
	int			target = finding->verdict == VERDICT_HALF_WAY && partial->up ? finding->standing.version : history.latest;

	if (finding->verdict == VERDICT_HALF_WAY && !finding->beyond)
		report_hint("Run \"" PROGRAM " upgrade\" to finish it.");
	else if (finding->verdict != VERDICT_HALF_WAY && finding->verdict != VERDICT_AHEAD)
		return;
	else if (finding->back.known && !back_open(&finding->back))
		report_hint("Use the newer build.");
	else
		report_hint("Use the newer build, or %s with \"" PROGRAM " downgrade %d\".",
					finding->verdict == VERDICT_AHEAD ? "go back" : "undo it", target);
}

static void
print_plain(const struct finding *finding)
{
	char	   *what = sentence(finding);

	report_line("%s: database %s", verdict_word(finding->verdict), what);
	for (int v = finding->standing.version; v < history.latest; v++)
		report_line("  pending: %d %s", v + 1, history.migrations[v + 1].name);
	for (size_t i = 0; i < finding->note_count; i++)
		report_line("  note: %s", finding->notes[i]);
	mem_free(what);

	print_hint(finding);
}

/* That nothing can be said, for monitoring and for programs; people read the message on stderr. */
static int
unknown(const struct options *options, const char *why)
{
	if (options->brief) {
		char	   *line = mem_string(why);

		print_for_plugins("unknown", line);
		putchar('\n');
		mem_free(line);
	} else if (options->json)
		output_json(json_pack("{s:s, s:o, s:i, s:s}", "status", "unknown", "reason", output_text(why), "latest",
							  history.latest, "build", history.build));
	return STATUS_UNKNOWN;
}

static int
judge_and_print(const struct options *options, struct finding *finding, bool last)
{
	int			status;

	judge(finding);
	status = verdict_status(finding->verdict);
	if (!last && status != STATUS_OK)
		return status;
	if (options->json)
		print_json(finding);
	else if (options->brief)
		print_brief(finding);
	else
		print_plain(finding);
	return status;
}

/*
 * The version and its record are two queries, and the lock's holder is a third: a run that ends between them looks like
 * an edit by hand, or like one that stopped half-way. What looks like that is looked at twice.
 */
static bool
read_state(struct work *work)
{
	struct state *state = &work->state;

	if (!state_read(&work->session, state))
		return false;
	if (!state->partial.there && !(state->has_last && state->last_version != state->version))
		return true;
	state_clear(state);
	return state_read(&work->session, state);
}

/* One look. Unless it is the last, its result is printed only when all is well. */
static int
look(const struct options *options, bool last)
{
	struct finding finding = {0};
	struct work *work = &finding.work;
	char	   *message = NULL;
	int			status = STATUS_UNKNOWN;

	if (!session_open(&work->session, &options->session, &message)) {
		char	   *why = mem_format("could not connect: %s", message);

		if (last) {
			if (!options->brief)
				session_report_unopened(message);
			unknown(options, why);
		}
		mem_free(why);
		mem_free(message);
		return STATUS_UNKNOWN;
	}
	db_set_patience(work->session.db, PATIENCE);
	if (!read_state(work)) {
		if (last)
			unknown(options, report_last_error());
	} else if (!work->state.versioned) {
		if (last) {
			if (!options->brief)
				work_versioned(work);
			unknown(options, "the database is not under version control");
		}
	} else
		status = judge_and_print(options, &finding, last);
	for (size_t i = 0; i < finding.note_count; i++)
		mem_free(finding.notes[i]);
	mem_free(finding.runner);
	back_clear(&finding.back);
	work_end(work);
	return status;
}

/* In seconds, whatever happens to the clock as the host starts. */
static time_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

int
cmd_status(const struct options *options)
{
	time_t		deadline = now() + options->wait;

	if (options->wait >= 0)
		signals_init();
	for (;;) {
		bool		last = now() >= deadline || signals_stop();
		int			status;

		report_mute(!last);
		status = look(options, last);
		report_mute(false);
		if (last || status == STATUS_OK)
			return status;
		signals_pause(1000);
	}
}
