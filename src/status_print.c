#include "status_print.h"

#include <ctype.h>
#include <stdio.h>

#include "history.h"
#include "mem.h"
#include "output.h"
#include "printable.h"
#include "report.h"

#include "banned.h"

enum {
	MOST_MISSING = 1000			/* in JSON: a version that was set by hand may be any number */
};

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
		output_append(pending, json_pack("{s:i, s:s}", "version", v + 1, "name", history_migration(v + 1)->name));
	for (size_t i = 0; i < finding->note_count; i++)
		output_append(notes, output_text(finding->notes[i]));
	if (state->partial.there)
		half_way = json_half_way(finding);
	if (finding->beyond && finding->back.known)
		can_go_back = json_boolean(back_open(&finding->back));
	output_json(json_pack("{s:s, s:o, s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:s}", "status",
						  verdict_word(finding->verdict), "database", output_text(db_name(finding->work.session.db)),
						  "version", state->version, "latest", history.latest, "pending", pending, "half_way", half_way,
						  "can_go_back", can_go_back, "missing_downs", missing_downs(&finding->back), "notes", notes,
						  "build", history.build));
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
print_for_plugins(const char *state, const char *text)
{
	char	   *line = printable(text);

	for (char *c = line; *c; c++)
		if (*c == '|')
			*c = '/';
	for (const char *c = state; *c; c++)
		putchar(toupper((unsigned char) *c));
	printf(" - %s", line);
	mem_free(line);
}

static void
print_brief(const struct finding *finding)
{
	char	   *what = sentence(finding);
	int			pending = history.latest - finding->standing.version;

	print_for_plugins(finding->verdict == VERDICT_CURRENT ? "OK" : verdict_word(finding->verdict), what);
	printf(" | version=%d latest=%d pending=%d\n", finding->standing.version, history.latest,
		   pending > 0 ? pending : 0);
	mem_free(what);
}

static void
print_hint(const struct finding *finding)
{
	const struct partial *partial = &finding->work.state.partial;
	int			target = finding->verdict == VERDICT_HALF_WAY && partial->up ? finding->standing.version
		: history.latest;

	if (finding->verdict == VERDICT_HALF_WAY && !finding->beyond)
		report_hint("Run \"" PROGRAM " upgrade\" to finish it.");
	else if (finding->verdict == VERDICT_DIFFERS)
		report_hint("Run \"" PROGRAM " verify\"; if the schema is as it should be, \"" PROGRAM
					" stamp %d\" records this build's text.", finding->standing.version);
	else if (finding->verdict == VERDICT_HALF_WAY || finding->verdict == VERDICT_AHEAD)
		back_hint(&finding->back, finding->verdict == VERDICT_AHEAD ? "go back" : "undo it", target);
}

static void
print_plain(const struct finding *finding)
{
	char	   *what = sentence(finding);

	report_wrapped(0, "%s: database %s", verdict_word(finding->verdict), what);
	for (int v = finding->standing.version; v < history.latest; v++)
		report_line("  pending: %d %s", v + 1, history_migration(v + 1)->name);
	for (size_t i = 0; i < finding->note_count; i++)
		report_wrapped(2, "note: %s", finding->notes[i]);
	mem_free(what);

	print_hint(finding);
}

void
status_print(const struct options *options, const struct finding *finding)
{
	if (options->json)
		print_json(finding);
	else if (options->brief)
		print_brief(finding);
	else
		print_plain(finding);
}

static void
print_unknown(const struct options *options, const char *why, json_t *empty)
{
	if (options->brief) {
		print_for_plugins("unknown", why);
		putchar('\n');
	} else if (options->json)
		output_json(json_pack("{s:s, s:o, s:o*, s:i, s:s}", "status", "unknown", "reason", output_text(why), "empty",
							  empty, "latest", history.latest, "build", history.build));
}

void
status_print_unknown(const struct options *options, const char *why)
{
	print_unknown(options, why, NULL);
}

void
status_print_unversioned(const struct options *options, bool empty)
{
	print_unknown(options, empty ? "the database is not under version control, and is empty"
				  : "the database is not under version control, and is not empty", json_boolean(empty));
}
