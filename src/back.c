#include "back.h"

#include <string.h>

#include "mem.h"
#include "report.h"
#include "trust.h"

#include "banned.h"

/* The columns of the query. */
enum {
	VERSION, SOURCE_CHECKSUM, DOWN, TRANSACTIONAL, DOWN_CHECKSUM, BUILD
};

static bool
is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void
add(struct back *back, long first, long last, enum gap_reason reason, const char *build)
{
	struct gap *before = back->count > 0 ? &back->gaps[back->count - 1] : NULL;

	if (before && before->reason == reason && before->last + 1L == first && is_same(before->build, build)) {
		before->last = (int) last;
		return;
	}
	back->gaps = mem_grow(back->gaps, back->count + 1, sizeof(*back->gaps));
	back->gaps[back->count++] = (struct gap) {.first = (int) first,.last = (int) last,.reason = reason,
		.build = mem_string(build)
	};
}

/* Are the statements on record what was recorded, and does this build understand them? */
static void
check(struct back *back, const struct db_command *rows, int i, long version)
{
	const char *down = db_text(rows, i, DOWN);
	char		checksum[CHECKSUM_SIZE];
	struct sql_list list;

	checksum_bytes(down, strlen(down), checksum);
	if (strcmp(checksum, db_text(rows, i, DOWN_CHECKSUM)) != 0)
		add(back, version, version, GAP_DAMAGED, db_text(rows, i, BUILD));
	else if (!sql_list_from_json(&list, down, db_truth(rows, i, TRANSACTIONAL)))
		add(back, version, version, GAP_STRANGE, db_text(rows, i, BUILD));
	else
		sql_list_clear(&list);
}

/* Versions are as large as they like to be: what is missing is a range, never counted through. */
static void
take(struct back *back, const struct db_command *rows, int version, int target)
{
	long		next = 1L + (target > history.latest ? target : history.latest);

	for (int i = 0; rows && i < db_lines(rows); i++) {
		long		found = db_number(rows, i, VERSION);

		if (found <= history.latest) {
			/* The same text as this build's, whose down is at hand. */
			if (found < 0
				|| strcmp(db_text(rows, i, SOURCE_CHECKSUM), history_migration((int) found)->source.checksum) == 0)
				continue;
		} else {
			if (found > next)
				add(back, next, found - 1, GAP_MISSING, NULL);
			next = found + 1;
		}
		check(back, rows, i, found);
	}
	if (next <= version)
		add(back, next, version, GAP_MISSING, NULL);
}

/* Is the highest version one of which nothing is recorded? */
static bool
is_top_missing(const struct back *back, int version)
{
	const struct gap *top = &back->gaps[back->count - 1];

	return top->reason == GAP_MISSING && top->last == version;
}

void
back_find(struct back *back, struct session *session, const struct state *state, int version, int target)
{
	struct db_batch batch = {0};
	char	   *above = mem_format("%d", target);
	char	   *last = mem_format("%d", version);

	*back = (struct back) {.known = !state->hidden};
	if (state->recorded) {
		trust_begin_reading(session, &batch, "fitsdb_schema.migration");
		db_add(&batch, "SELECT m.version, coalesce(m.checksum, ''), coalesce(m.down::text, ''), m.down_transactional,"
			   " coalesce(m.down_checksum, ''), coalesce(m.build, '') FROM ONLY fitsdb_schema.migration m"
			   " WHERE m.version > $1::integer AND m.version <= $2::integer ORDER BY m.version", 2, above, last);
		session_end_reading(&batch);
		if (!db_run(session->db, &batch)) {
			back->known = false;
			back->trouble = mem_string(db_failed(&batch)->error.message);
		}
	}
	if (back->known)
		take(back, state->recorded ? session_read(&batch) : NULL, version, target);
	if (back->count > 0 && version == state->version)
		back->by_hand = state->has_last ? state->last_version != version : is_top_missing(back, version);
	db_batch_clear(&batch);
	mem_free(last);
	mem_free(above);
}

bool
back_open(const struct back *back)
{
	return back->known && back->count == 0;
}

static void
write_range(FILE *stream, int first, int last)
{
	if (first == last)
		fprintf(stream, "%d", first);
	else
		fprintf(stream, last == first + 1 ? "%d and %d" : "%d to %d", first, last);
}

char *
back_gaps(const struct back *back)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	for (size_t i = 0; i < back->count; i++) {
		fputs(i > 0 ? ", " : "", stream);
		write_range(stream, back->gaps[i].first, back->gaps[i].last);
	}
	mem_stream_close(stream);
	return text;
}

static void
report_gap(const struct gap *gap)
{
	char	   *versions;
	size_t		length;
	FILE	   *stream = mem_stream_open(&versions, &length);

	fputs(gap->first == gap->last ? "version " : "versions ", stream);
	write_range(stream, gap->first, gap->last);
	mem_stream_close(stream);
	switch (gap->reason) {
		case GAP_MISSING:
			report_detail("The down statements of %s are not recorded.", versions);
			break;
		case GAP_DAMAGED:
			report_detail("The recorded down statements of %s do not match their checksum: they were changed after"
						  " build %s had recorded them.", versions, gap->build);
			break;
		case GAP_STRANGE:
			report_detail("The recorded down statements of %s are of a kind that this build does not know; build %s"
						  " recorded them.", versions, gap->build);
			break;
	}
	mem_free(versions);
}

static void
hint_by_hand(const struct back *back)
{
	if (back->by_hand)
		report_hint("If the version was set by hand, run \"" PROGRAM " stamp VERSION --yes\"; \"" PROGRAM
					" identify\" reports the version.");
}

void
back_report(const struct back *back, const struct state *state, int target)
{
	int			highest = back->count > 0 ? back->gaps[back->count - 1].last : 0;
	const char *build = back->count > 0 ? back->gaps[back->count - 1].build : NULL;

	if (!back->known) {
		report_error("could not read the down statements: %s", back->trouble ? back->trouble : "permission denied");
		report_detail("Nothing was changed.");
		report_hint("Use a build that has version %d itself; its own down statements need no record.", state->version);
		return;
	}
	report_error("cannot go back to version %d", target);
	for (size_t i = 0; i < back->count; i++)
		report_gap(&back->gaps[i]);
	if (back->by_hand && state->has_last)
		report_detail("The last recorded change led to version %d.", state->last_version);
	report_detail("This build has versions 0 to %d. Nothing was changed.", history.latest);
	if (build)
		report_hint("Use build %s, or another that has version %d: its own down statements need no record.", build,
					highest);
	else
		report_hint("Use a build that has version %d: its own down statements need no record.", highest);
	hint_by_hand(back);
}

void
back_hint(const struct back *back, const char *word, int target)
{
	if (back->known && !back_open(back))
		report_hint("Use the newer build.");
	else
		report_hint("Use the newer build, or %s with \"" PROGRAM " downgrade %d\".", word, target);
	hint_by_hand(back);
}

void
back_clear(struct back *back)
{
	for (size_t i = 0; i < back->count; i++)
		mem_free(back->gaps[i].build);
	mem_free(back->gaps);
	mem_free(back->trouble);
	*back = (struct back) {0};
}
