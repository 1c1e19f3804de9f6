#include "record/stored_downs.h"

#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sha256.h"
#include "history/history.h"
#include "history/statement_list.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/trust.h"

#include "base/banned.h"

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
add(struct stored_downs *back, long first, long last, enum stored_downs_reason reason, const char *build)
{
	struct stored_downs_gap *before = back->count > 0 ? &back->gaps[back->count - 1] : NULL;

	if (before && before->reason == reason && before->last + 1L == first && is_same(before->build, build)) {
		before->last = (int) last;
		return;
	}
	back->gaps = mem_grow(back->gaps, back->count + 1, sizeof(*back->gaps));
	back->gaps[back->count++] = (struct stored_downs_gap) {.first = (int) first,.last = (int) last,.reason = reason,
		.build = mem_string(build)
	};
}

/* Are the statements on record what was recorded, and does this build understand them? */
static void
check(struct stored_downs *back, const struct pipeline_command *rows, int i, long version)
{
	const char *down = pipeline_text(rows, i, DOWN);
	char		checksum[SHA256_SIZE];
	struct statement_list list;

	sha256_hex(down, strlen(down), checksum);
	if (strcmp(checksum, pipeline_text(rows, i, DOWN_CHECKSUM)) != 0)
		add(back, version, version, STORED_DOWNS_DAMAGED, pipeline_text(rows, i, BUILD));
	else if (!statement_list_from_json(&list, down, pipeline_bool(rows, i, TRANSACTIONAL)))
		add(back, version, version, STORED_DOWNS_UNSUPPORTED, pipeline_text(rows, i, BUILD));
	else
		statement_list_clear(&list);
}

/* Versions are as large as they like to be: what is missing is a range, never counted through. */
static void
take(struct stored_downs *back, const struct pipeline_command *rows, int version, int target)
{
	long		next = 1L + (target > history.latest ? target : history.latest);

	for (int i = 0; rows && i < pipeline_row_count(rows); i++) {
		long		found = pipeline_number(rows, i, VERSION);

		if (found <= history.latest) {
			/* The same text as this build's, whose down is at hand. */
			if (found < 0
				|| strcmp(pipeline_text(rows, i, SOURCE_CHECKSUM),
						  history_migration((int) found)->source.checksum) == 0)
				continue;
		} else {
			if (found > next)
				add(back, next, found - 1, STORED_DOWNS_MISSING, NULL);
			next = found + 1;
		}
		check(back, rows, i, found);
	}
	if (next <= version)
		add(back, next, version, STORED_DOWNS_MISSING, NULL);
}

/* Is the highest version one of which nothing is recorded? */
static bool
is_top_missing(const struct stored_downs *back, int version)
{
	const struct stored_downs_gap *top = &back->gaps[back->count - 1];

	return top->reason == STORED_DOWNS_MISSING && top->last == version;
}

void
stored_downs_find(struct stored_downs *back, struct session *session, const struct record *record, int version,
				  int target)
{
	struct pipeline pipeline = {0};
	char	   *above = mem_format("%d", target);
	char	   *last = mem_format("%d", version);

	*back = (struct stored_downs) {.known = !record->hidden};
	if (record->recorded) {
		trust_begin_reading(session, &pipeline, "fitsdb_schema.migration");
		pipeline_add(&pipeline,
					 "SELECT m.version, coalesce(m.checksum, ''), coalesce(m.down::text, ''), m.down_transactional,"
					 " coalesce(m.down_checksum, ''), coalesce(m.build, '') FROM ONLY fitsdb_schema.migration m"
					 " WHERE m.version > $1::integer AND m.version <= $2::integer ORDER BY m.version", 2, above, last);
		session_end_reading(&pipeline);
		if (!pipeline_run(session->connection, &pipeline)) {
			back->known = false;
			back->trouble = mem_string(pipeline_failed(&pipeline)->error.message);
		}
	}
	if (back->known)
		take(back, record->recorded ? session_result(&pipeline) : NULL, version, target);
	if (back->count > 0 && version == record->version)
		back->by_hand = record->has_last ? record->last_version != version : is_top_missing(back, version);
	pipeline_clear(&pipeline);
	mem_free(last);
	mem_free(above);
}

bool
stored_downs_complete(const struct stored_downs *back)
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
stored_downs_gaps(const struct stored_downs *back)
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
report_gap(const struct stored_downs_gap *gap)
{
	char	   *versions;
	size_t		length;
	FILE	   *stream = mem_stream_open(&versions, &length);

	fputs(gap->first == gap->last ? "version " : "versions ", stream);
	write_range(stream, gap->first, gap->last);
	mem_stream_close(stream);
	switch (gap->reason) {
		case STORED_DOWNS_MISSING:
			report_detail("The down statements of %s are not recorded.", versions);
			break;
		case STORED_DOWNS_DAMAGED:
			report_detail("The recorded down statements of %s do not match their checksum: they were changed after"
						  " build %s had recorded them.", versions, gap->build);
			break;
		case STORED_DOWNS_UNSUPPORTED:
			report_detail("The recorded down statements of %s are of a kind that this build does not know; build %s"
						  " recorded them.", versions, gap->build);
			break;
	}
	mem_free(versions);
}

static void
hint_by_hand(const struct stored_downs *back)
{
	if (back->by_hand)
		report_hint("If the version was set by hand, run \"" PROGRAM " stamp VERSION --yes\"; \"" PROGRAM
					" identify\" reports the version.");
}

void
stored_downs_report(const struct stored_downs *back, const struct record *record, int target)
{
	int			highest = back->count > 0 ? back->gaps[back->count - 1].last : 0;
	const char *build = back->count > 0 ? back->gaps[back->count - 1].build : NULL;

	if (!back->known) {
		report_error("could not read the down statements: %s", back->trouble ? back->trouble : "permission denied");
		report_detail("Nothing was changed.");
		report_hint("Use a build that has version %d itself; its own down statements need no record.", record->version);
		return;
	}
	report_error("cannot go back to version %d", target);
	for (size_t i = 0; i < back->count; i++)
		report_gap(&back->gaps[i]);
	if (back->by_hand && record->has_last)
		report_detail("The last recorded change led to version %d.", record->last_version);
	report_detail("This build has versions 0 to %d. Nothing was changed.", history.latest);
	if (build)
		report_hint("Use build %s, or another that has version %d: its own down statements need no record.", build,
					highest);
	else
		report_hint("Use a build that has version %d: its own down statements need no record.", highest);
	hint_by_hand(back);
}

void
stored_downs_hint(const struct stored_downs *back, const char *word, int target)
{
	if (back->known && !stored_downs_complete(back))
		report_hint("Use the newer build.");
	else
		report_hint("Use the newer build, or %s with \"" PROGRAM " downgrade %d\".", word, target);
	hint_by_hand(back);
}

void
stored_downs_clear(struct stored_downs *back)
{
	for (size_t i = 0; i < back->count; i++)
		mem_free(back->gaps[i].build);
	mem_free(back->gaps);
	mem_free(back->trouble);
	*back = (struct stored_downs) {0};
}
