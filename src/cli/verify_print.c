/* Print what verify has found. */
#include "cli/verify_print.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/printable.h"
#include "base/report.h"
#include "history/history.h"
#include "history/steps.h"
#include "pg/connection.h"
#include "record/record.h"
#include "schema/built_facts.h"
#include "schema/compare.h"
#include "schema/compare_privileges.h"
#include "schema/fact.h"
#include "schema/repair_sql.h"

#include "base/banned.h"

static const char *
database_name(const struct verify_report *report)
{
	return connection_database(report->database.session.connection);
}

/* The privilege's role, or the name without that of the table. */
static const char *
item_name(const struct compare_item *item)
{
	const struct fact *fact = item->should ? item->should : item->is;
	const char *name = fact ? compare_name(fact) : item->why;

	if (fact && fact->kind == FACT_PRIVILEGE)
		name = compare_grantee(name);
	return item->kind == COMPARE_ORDER ? NULL : name;
}

/* --- JSON --- */

static json_t *
json_item(const struct verify_report *report, const struct compare_item *item)
{
	const struct fact *fact = item->should ? item->should : item->is;
	char	   *text = compare_line(item, report->live.server);
	struct compare_sides sides = built_facts_sides(&report->live, &report->facts);
	char	   *sql = repair_sql(item, &sides);
	char	   *choice = repair_choice(item);
	size_t		parent = fact ? fact_parent(fact) : 0;
	char	   *of = parent ? mem_copy(fact->name, parent)
		: fact && item->group[0] && strcmp(item->group, fact->name) != 0 ? mem_string(item->group) : NULL;
	json_t	   *object = json_pack("{s:s, s:s, s:o, s:o, s:o}", "difference", compare_word(item), "kind",
								   fact ? fact_kind_word(fact->kind) : "role", "of",
								   json_output_text(of), "name",
								   json_output_text(item_name(item)), "text", json_output_text(text));

	if (item->label)
		json_output_set(object, "property", json_output_text(item->label));
	if (item->label || item->role) {
		json_output_set(object, "is", json_output_text(item->is_value));
		json_output_set(object, "should_be", json_output_text(item->should_value));
	} else if (item->kind == COMPARE_RENAMED)
		json_output_set(object, "is", json_output_text(compare_name(item->is)));
	json_output_set(object, "sql", json_output_text(sql));
	if (choice)
		json_output_set(object, "choice", json_output_text(choice));
	mem_free(choice);
	mem_free(sql);
	mem_free(text);
	mem_free(of);
	return object;
}

static void
print_json(const struct verify_report *report)
{
	const struct record *record = &report->database.record;
	bool		recorded = record->versioned && record->fault == RECORD_SOUND;
	json_t	   *differences = json_output_array();
	json_t	   *notes = json_output_array();
	json_t	   *uncompared = json_output_array();
	json_t	   *kinds = json_output_array();

	for (size_t i = 0; i < report->comparison.count; i++) {
		const struct compare_item *item = &report->comparison.items[i];

		json_output_append(compare_is_uncompared(item) ? uncompared : item->note ? notes : differences,
						   json_item(report, item));
	}
	for (size_t i = 0; i < report->live.note_count; i++)
		json_output_append(notes, json_pack("{s:s, s:s, s:n, s:n, s:o, s:n}", "difference", "note", "kind", "database",
											"of", "name", "text", json_output_text(report->live.notes[i]), "sql"));
	for (size_t i = 0; i < report->live.uncompared_count; i++)
		json_output_append(kinds, json_output_text(report->live.uncompared[i]));
	json_output_print(json_pack("{s:s, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:s}", "status",
								report->comparison.differences > 0 ? "different" : "same", "database",
								json_output_text(database_name(report)), "version", report->version, "recorded",
								recorded ? json_integer(record->version) : json_null(), "better",
								report->better < 0 ? json_null() : json_integer(report->better), "differences",
								differences, "notes", notes, "uncompared", uncompared, "kinds_not_compared", kinds,
								"build", history.build));
}

/* --- for people --- */

static void
print_uncompared(const struct live *live)
{
	char	   *text = NULL;

	for (size_t i = 0; i < live->uncompared_count; i++)
		mem_append(&text, ", ", live->uncompared[i]);
	if (text)
		report_wrapped(2, "not compared: %s", text);
	mem_free(text);
}

/* Is it a constraint that is not enforced, as triggers are disabled? */
static bool
is_disabled(const struct compare_item *item)
{
	return item->kind == COMPARE_CHANGED && item->is && item->is->kind == FACT_CONSTRAINT
		&& (strcmp(item->label, "checks") == 0 || strcmp(item->label, "actions") == 0);
}

/* The names of the constraints after *at that the same triggers enforce, to be appended; *at is advanced. */
static char *
others_disabled(const struct comparison *comparison, size_t *at)
{
	const struct compare_item *item = &comparison->items[*at];
	char	   *names = NULL;
	char	   *text;

	for (; is_disabled(item) && *at + 1 < comparison->count; (*at)++) {
		const struct compare_item *other = &comparison->items[*at + 1];

		if (!is_disabled(other) || other->note != item->note || strcmp(other->group, item->group) != 0
			|| strcmp(other->is_value, item->is_value) != 0)
			break;
		mem_append(&names, ", ", other->is->name);
	}
	text = names ? mem_format("; the same: %s", names) : mem_string("");
	mem_free(names);
	return text;
}

static void
print_list(const struct verify_report *report)
{
	const struct comparison *comparison = &report->comparison;
	const char *group = "";
	size_t		i = 0;

	/* Those of no object come first. */
	for (size_t k = 0; k < report->live.note_count; k++)
		report_wrapped(2, "note: %s", report->live.notes[k]);
	for (; i < comparison->count; i++) {
		const struct compare_item *item = &comparison->items[i];
		char	   *text = compare_line(item, report->live.server);
		char	   *others = others_disabled(comparison, &i);

		if (strcmp(group, item->group) != 0) {
			if (!group[0])
				print_uncompared(&report->live);
			group = item->group;
			report_line("%s", "");
			report_line("%s", group);
		}
		report_wrapped(2, "%s%s%s", item->note && !compare_is_uncompared(item) ? "note: " : "", text, others);
		mem_free(others);
		mem_free(text);
	}
	if (!group[0])
		print_uncompared(&report->live);
}

/* The SQL that was printed, and the lock timeout that it has set. */
struct printed_sql {
	size_t		count;
	char	  **items;
	bool		limited;		/* there is a lock timeout */
};

static bool
is_concurrent(const char *sql)
{
	return strncmp(sql, "CREATE INDEX CONCURRENTLY ", 26) == 0
		|| strncmp(sql, "CREATE UNIQUE INDEX CONCURRENTLY ", 33) == 0
		|| strncmp(sql, "DROP INDEX CONCURRENTLY ", 24) == 0;
}

/*
 * What waits for a lock makes all later sessions wait, too; so it must not wait long. What is built concurrently may
 * wait: it blocks no session, and an index whose build is cancelled must be dropped. A key is built and then added.
 */
static void
print_statements(struct printed_sql *printed, const char *sql)
{
	bool		concurrent = is_concurrent(sql);
	const char *then = concurrent ? strstr(sql, ";\nALTER TABLE ") : NULL;

	if (printed->count == 1 || printed->limited == concurrent)
		report_sql(concurrent ? "SET lock_timeout = 0;" : "SET lock_timeout = '2s';");
	printed->limited = !concurrent;
	if (then) {
		char	   *first = mem_copy(sql, (size_t) (then - sql) + 1);

		report_sql(first);
		mem_free(first);
		report_sql("SET lock_timeout = '2s';");
		printed->limited = true;
		sql = then + 2;
	}
	report_sql(sql);
}

/* Several differences may have the same repair. Takes `sql`. */
static void
print_once(struct printed_sql *printed, char *sql)
{
	for (size_t i = 0; i < printed->count; i++)
		if (strcmp(printed->items[i], sql) == 0) {
			mem_free(sql);
			return;
		}
	if (printed->count == 0)
		report_block("\nThis SQL repairs the differences that can be repaired safely. Run it with psql, but not in one"
					 " transaction\n(without -1). Then run \"" PROGRAM " verify\" again: some differences can be"
					 " repaired only after others.\n\n");
	printed->items = mem_grow(printed->items, printed->count + 1, sizeof(*printed->items));
	printed->items[printed->count++] = sql;
	print_statements(printed, sql);
}

/* The SQL that repairs the differences, if it is safe. */
static void
print_sql(const struct verify_report *report)
{
	struct compare_sides sides = built_facts_sides(&report->live, &report->facts);
	struct printed_sql printed = {0};

	for (size_t i = 0; i < report->comparison.count; i++) {
		char	   *sql = repair_sql(&report->comparison.items[i], &sides);

		if (sql)
			print_once(&printed, sql);
	}
	for (size_t i = 0; i < printed.count; i++)
		mem_free(printed.items[i]);
	mem_free(printed.items);
}

static bool
is_recorded(const struct verify_report *report)
{
	const struct record *record = &report->database.record;

	return record->versioned && record->fault == RECORD_SOUND && record->version == report->version;
}

static void
print_hints(const struct verify_report *report)
{
	const struct record *record = &report->database.record;
	int			pending = history.latest - record->version;

	if (report->far)
		report_hint("Run \"" PROGRAM " identify\"%s. No SQL is printed.",
					is_recorded(report) ? ": the recorded version may be wrong" : "");
	else if (is_recorded(report) && record->incomplete.there) {
		char	   *advice = steps_advice(&record->incomplete, history.latest);

		report_hint("%s %d is incomplete. %s", record->incomplete.up ? "Migration" : "Down migration",
					record->incomplete.version, advice);
		mem_free(advice);
	} else if (is_recorded(report) && pending > 0)
		report_hint("%d migration%s pending and may remove some differences: see \"" PROGRAM " plan\".", pending,
					pending == 1 ? " is" : "s are");
	if (report->better >= 0 && !report->far)
		report_hint("Version %d matches better: see \"" PROGRAM " identify\".", report->better);
}

/* How much could not be compared: a new string, to be appended. */
static char *
describe_unknown(const struct comparison *comparison)
{
	size_t		unknown = 0;
	bool		loosely = true;

	for (size_t i = 0; i < comparison->count; i++)
		if (comparison->items[i].kind == COMPARE_UNKNOWN) {
			unknown++;
			loosely = loosely && comparison->items[i].loosely;
		}
	return unknown == 0 ? mem_string("") : mem_format("; %zu definition%s could not be compared%s", unknown,
													  unknown == 1 ? "" : "s", loosely ? " exactly" : "");
}

static char *
describe(const struct verify_report *report)
{
	const char *name = database_name(report);
	size_t		count = report->comparison.differences;
	char	   *unknown = describe_unknown(&report->comparison);
	char	   *text = count == 0 ? mem_format("database %s matches version %d%s", name, report->version, unknown)
		: mem_format("database %s does not match version %d: %zu difference%s%s", name, report->version, count,
					 count == 1 ? "" : "s", unknown);

	mem_free(unknown);
	return text;
}

/* "it matches version 18 exactly": a new string; NULL: no other one matches far better. */
static char *
describe_better(const struct verify_report *report)
{
	if (!report->far)
		return NULL;
	return report->better_differences == 0 ? mem_format("it matches version %d exactly", report->better)
		: mem_format("version %d matches better", report->better);
}

static void
print_plain(const struct verify_report *report)
{
	char	   *text = describe(report);

	report_wrapped(0, "%s: %s", report->comparison.differences > 0 ? "different" : "same", text);
	mem_free(text);
	text = describe_better(report);
	if (text)
		report_wrapped(2, "%s, \"%s\"%s", text, history_migration(report->better)->name, report->better_differences == 0
					   ? "" : ": \"" PROGRAM " identify\" counts at most a quarter of the differences");
	print_list(report);
	print_sql(report);
	if (report->comparison.differences > 0)
		print_hints(report);
	mem_free(text);
}

/* --- for plugins --- */

/* The text is one line, and a bar in it would begin the performance data. */
static void
print_brief(const char *keyword, const char *text)
{
	char	   *line = printable(text);

	for (char *c = line; *c; c++)
		if (*c == '|')
			*c = '/';
	printf("VERIFY %s - %s", keyword, line);
	mem_free(line);
}

/* The first difference, to be appended: some readers see only this line. A new string. */
static char *
describe_first(const struct verify_report *report)
{
	char	   *better = describe_better(report);
	char	   *all = better ? mem_format("; %s", better) : mem_string("");

	mem_free(better);
	for (size_t i = 0; i < report->comparison.count; i++) {
		const struct compare_item *item = &report->comparison.items[i];
		char	   *text;
		char	   *before = all;

		if (item->note || compare_is_uncompared(item))
			continue;
		text = compare_line(item, report->live.server);
		all = mem_format("%s%s: %s%s%s", before, report->comparison.differences == 1 ? "" : ", the first",
						 item->group, *item->group ? ": " : "", text);
		mem_free(text);
		mem_free(before);
		break;
	}
	return all;
}

static void
print_line(const struct verify_report *report)
{
	const struct comparison *comparison = &report->comparison;
	char	   *text = describe(report);
	char	   *first = describe_first(report);

	mem_append(&text, "", first);
	print_brief(comparison->differences > 0 ? "DIFFERENT" : "OK", text);
	printf(" | differences=%zu notes=%zu uncompared=%zu\n", comparison->differences,
		   comparison->notes + report->live.note_count, comparison->uncompared + report->live.uncompared_count);
	mem_free(first);
	mem_free(text);
}

void
verify_print(const struct options *options, const struct verify_report *report)
{
	if (options->json)
		print_json(report);
	else if (options->brief)
		print_line(report);
	else
		print_plain(report);
}

void
verify_print_unknown(const char *keyword)
{
	const char *why = report_last_error();

	print_brief(keyword, why ? why : "stopped");
	putchar('\n');
}
