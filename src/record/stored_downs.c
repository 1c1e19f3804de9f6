/* Read and check the stored down statements that a downgrade needs. */
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
	VERSION, DOWN, TRANSACTIONAL, DOWN_CHECKSUM, BUILD, DROPS
};

static bool
is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void
add_gap(struct stored_downs *downs, long first, long last, enum stored_downs_reason reason, const char *build)
{
	struct stored_downs_gap *before = downs->count > 0 ? &downs->gaps[downs->count - 1] : NULL;

	if (before && before->reason == reason && before->last + 1L == first && is_same(before->build, build)) {
		before->last = (int) last;
		return;
	}
	downs->gaps = mem_grow(downs->gaps, downs->count + 1, sizeof(*downs->gaps));
	downs->gaps[downs->count++] = (struct stored_downs_gap) {.first = (int) first,.last = (int) last,.reason = reason,
		.build = mem_string(build)
	};
}

/* Add the stored statements, if they match their checksum and are supported by this build. */
static void
add_version(struct stored_downs *downs, const struct pipeline_command *rows, int i, long version)
{
	const char *down = pipeline_text(rows, i, DOWN);
	char		checksum[SHA256_SIZE];
	struct stored_downs_item item = {.version = (int) version};

	sha256_hex(down, strlen(down), checksum);
	if (strcmp(checksum, pipeline_text(rows, i, DOWN_CHECKSUM)) != 0)
		add_gap(downs, version, version, STORED_DOWNS_DAMAGED, pipeline_text(rows, i, BUILD));
	else if (!statement_list_from_json(&item.list, down, pipeline_bool(rows, i, TRANSACTIONAL)))
		add_gap(downs, version, version, STORED_DOWNS_UNSUPPORTED, pipeline_text(rows, i, BUILD));
	else {
		item.drops = mem_string(pipeline_value(rows, i, DROPS));
		downs->items = mem_grow(downs->items, downs->item_count + 1, sizeof(*downs->items));
		downs->items[downs->item_count++] = item;
	}
}

/* Find the gaps. A version may be any number, so missing versions are stored as ranges. */
static void
find_gaps(struct stored_downs *downs, const struct pipeline_command *rows, int version, int target)
{
	long		next = 1L + (target > history.latest ? target : history.latest);

	for (int i = 0; rows && i < pipeline_row_count(rows); i++) {
		long		found = pipeline_number(rows, i, VERSION);

		if (found < 0)
			continue;
		/* This build has down statements of its own for its versions. */
		if (found > history.latest) {
			if (found > next)
				add_gap(downs, next, found - 1, STORED_DOWNS_MISSING, NULL);
			next = found + 1;
		}
		add_version(downs, rows, i, found);
	}
	if (next <= version)
		add_gap(downs, next, version, STORED_DOWNS_MISSING, NULL);
}

/* Is nothing recorded for the highest version? */
static bool
is_top_missing(const struct stored_downs *downs, int version)
{
	const struct stored_downs_gap *top = &downs->gaps[downs->count - 1];

	return top->reason == STORED_DOWNS_MISSING && top->last == version;
}

void
stored_downs_find(struct stored_downs *downs, struct session *session, const struct record *record, int version,
				  int target)
{
	struct pipeline pipeline = {0};
	char	   *above = mem_format("%d", target);
	char	   *last = mem_format("%d", version);

	*downs = (struct stored_downs) {.known = !record->hidden};
	if (record->recorded) {
		trust_begin_reading(session, &pipeline, "fitsdb_schema.migration");
		pipeline_add(&pipeline,
					 /* A table that an older build has made has no column "drops". */
					 "SELECT m.version, coalesce(m.down::text, ''), m.down_transactional,"
					 " coalesce(m.down_checksum, ''), coalesce(m.build, ''), row_to_json(m) ->> 'drops'"
					 " FROM ONLY fitsdb_schema.migration m WHERE m.version > $1::integer AND m.version <= $2::integer ORDER BY m.version", 2, above, last);
		session_end_reading(&pipeline);
		if (!pipeline_run(session->connection, &pipeline)) {
			downs->known = false;
			downs->trouble = mem_string(pipeline_failed(&pipeline)->error.message);
		}
	}
	if (downs->known)
		find_gaps(downs, record->recorded ? session_result(&pipeline) : NULL, version, target);
	if (downs->count > 0 && version == record->version)
		downs->by_hand = record->has_last ? record->last_version != version : is_top_missing(downs, version);
	pipeline_clear(&pipeline);
	mem_free(last);
	mem_free(above);
}

bool
stored_downs_complete(const struct stored_downs *downs)
{
	return downs->known && downs->count == 0;
}

struct stored_downs_item *
stored_downs_of(const struct stored_downs *downs, int version)
{
	for (size_t i = 0; i < downs->item_count; i++)
		if (downs->items[i].version == version)
			return &downs->items[i];
	return NULL;
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
stored_downs_gaps(const struct stored_downs *downs)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	for (size_t i = 0; i < downs->count; i++) {
		fputs(i > 0 ? ", " : "", stream);
		write_range(stream, downs->gaps[i].first, downs->gaps[i].last);
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
			report_detail("The down statements of %s are not stored.", versions);
			break;
		case STORED_DOWNS_DAMAGED:
			report_detail("The stored down statements of %s do not match their checksum. They were changed after"
						  " build %s stored them.", versions, gap->build);
			break;
		case STORED_DOWNS_UNSUPPORTED:
			report_detail("This build does not support the stored down statements of %s. Build %s stored them.",
						  versions, gap->build);
			break;
	}
	mem_free(versions);
}

void
stored_downs_report_gaps(const struct stored_downs *downs)
{
	for (size_t i = 0; i < downs->count; i++)
		report_gap(&downs->gaps[i]);
}

static void
hint_by_hand(const struct stored_downs *downs)
{
	if (downs->by_hand)
		report_hint("If the version was set by hand, run \"" PROGRAM " stamp VERSION --yes\"; \"" PROGRAM
					" identify\" reports the version.");
}

void
stored_downs_report(const struct stored_downs *downs, const struct record *record, int target)
{
	int			highest = downs->count > 0 ? downs->gaps[downs->count - 1].last : 0;
	const char *build = downs->count > 0 ? downs->gaps[downs->count - 1].build : NULL;

	if (!downs->known) {
		report_error("could not read the stored down statements: %s",
					 downs->trouble ? downs->trouble : "permission denied");
		report_detail("Nothing was changed.");
		report_hint("Use a build that has version %d and its down statements.", record->version);
		return;
	}
	report_error("cannot downgrade to version %d", target);
	stored_downs_report_gaps(downs);
	if (downs->by_hand && record->has_last)
		report_detail("The last recorded change led to version %d.", record->last_version);
	report_detail("This build has versions 0 to %d. Nothing was changed.", history.latest);
	if (highest > 0 && highest <= history.latest)
		report_hint("To run the down statements of this build instead, delete the rows of these versions from table"
					" fitsdb_schema.migration. Warning: these statements may drop objects that the database had before"
					" the upgrade.");
	else if (build)
		report_hint("Use build %s, or another build that has version %d and its down statements.", build,
					highest);
	else
		report_hint("Use a build that has version %d and its down statements.", highest);
	hint_by_hand(downs);
}

void
stored_downs_hint(const struct stored_downs *downs, int incomplete, int target)
{
	if (downs->known && !stored_downs_complete(downs))
		report_hint("Use the newer build.");
	else if (incomplete > 0)
		report_hint("Use the newer build, or revert migration %d with \"" PROGRAM " downgrade %d\".", incomplete,
					target);
	else
		report_hint("Use the newer build, or go back with \"" PROGRAM " downgrade %d\".", target);
	hint_by_hand(downs);
}

void
stored_downs_clear(struct stored_downs *downs)
{
	for (size_t i = 0; i < downs->count; i++)
		mem_free(downs->gaps[i].build);
	mem_free(downs->gaps);
	for (size_t i = 0; i < downs->item_count; i++) {
		statement_list_clear(&downs->items[i].list);
		mem_free(downs->items[i].drops);
	}
	mem_free(downs->items);
	mem_free(downs->trouble);
	*downs = (struct stored_downs) {0};
}
