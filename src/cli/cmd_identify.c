/* identify: find the version that the schema of the database matches best. */
#include <stdio.h>

#include "base/exit_status.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "cli/commands.h"
#include "history/history.h"
#include "pg/connection.h"
#include "pg/user_objects.h"
#include "record/database.h"
#include "record/record.h"
#include "schema/catalog.h"
#include "schema/diff.h"
#include "shadow/shadow.h"

#include "base/banned.h"

enum {
	NAME_COLUMNS = 44,
	OTHER_COLUMNS = 28			/* of a line, without the name */
};

/* The distance of the database from one version, in facts: columns, indexes, labels and so on. */
struct identify_distance {
	size_t		differences;
	size_t		never;			/* facts of the latest version that are missing and that no later migration adds */
};

struct identify_match {
	int			best;			/* the version with the fewest differences */
	int			safe;			/* the highest version, not above it, with never == 0; -1: there is none */
};

/* The schema of the current version of the walk, and for each fact the version that added it. */
struct identify_walk {
	struct catalog catalog;
	int		   *since;
};

static void
walk_clear(struct identify_walk *walk)
{
	catalog_clear(&walk->catalog);
	mem_free(walk->since);
}

/* Both catalogs have the same order. */
static void
advance(struct identify_walk *walk, const struct catalog *next, int version)
{
	int		   *since = mem_alloc(sizeof(*since) * (next->count + 1));
	size_t		old = 0;

	for (size_t i = 0; i < next->count; i++) {
		int			order = 1;

		while (old < walk->catalog.count
			   && (order = catalog_order(&walk->catalog.facts[old], &next->facts[i])) < 0)
			old++;
		since[i] = old < walk->catalog.count && order == 0 ? walk->since[old] : version;
	}
	walk_clear(walk);
	*walk = (struct identify_walk) {.catalog = *next,.since = since};
}

static void
measure(const struct catalog *is, const struct identify_walk *walk, int version, struct identify_distance *distances)
{
	struct diff diff;

	diff_compare(&diff, is, &walk->catalog, DIFF_SHAPE);
	distances[version].differences = diff.count - diff.notes + diff.implied;
	for (size_t i = 0; i < diff.missing_count && version == history.latest; i++)
		for (int v = walk->since[diff.missing[i] - walk->catalog.facts]; v <= version; v++)
			distances[v].never++;
	diff_clear(&diff);
}

/* One scratch database is upgraded through all versions. */
static bool
measure_all(const struct options *options, struct session *session, struct identify_distance *distances)
{
	struct shadow shadow = {0};
	struct catalog is = {0};
	struct identify_walk walk = {0};
	bool		read = catalog_read(session, &is, NULL) && shadow_open(&shadow, session, options->shadow);

	for (int version = 0; read && version <= history.latest; version++) {
		struct catalog next;

		read = shadow_build(&shadow, version) && catalog_read(&shadow.session, &next, shadow.owner);
		if (read) {
			advance(&walk, &next, version);
			measure(&is, &walk, version, distances);
		}
	}
	shadow_close(&shadow);
	walk_clear(&walk);
	catalog_clear(&is);
	return read;
}

/* If several versions are best, prefer the stamped one, then the lowest. */
static struct identify_match
judge(const struct record *record, const struct identify_distance *distances)
{
	struct identify_match match = {.safe = -1};

	for (int version = 1; version <= history.latest; version++)
		if (distances[version].differences < distances[match.best].differences)
			match.best = version;
	if (record->versioned && record->fault == RECORD_SOUND && record->version <= history.latest
		&& distances[record->version].differences == distances[match.best].differences)
		match.best = record->version;
	for (int version = 0; version <= match.best; version++)
		if (distances[version].never == 0)
			match.safe = version;
	return match;
}

static bool
is_stamped(const struct record *record, int version)
{
	return record->versioned && record->fault == RECORD_SOUND && record->version == version;
}

static void
print_json(const struct database *database, const struct identify_distance *distances,
		   const struct identify_match *match)
{
	const struct record *record = &database->record;
	bool		sound = record->versioned && record->fault == RECORD_SOUND;
	json_t	   *versions = json_output_array();

	for (int version = 0; version <= history.latest; version++)
		json_output_append(versions, json_pack("{s:i, s:s, s:I, s:I}", "version", version, "name",
											   history_migration(version)->name, "differences",
											   (json_int_t) distances[version].differences, "never_added",
											   (json_int_t) distances[version].never));
	json_output_print(json_pack("{s:o, s:o, s:i, s:o, s:o, s:s}", "database",
								json_output_text(connection_database(database->session.connection)),
								"version", sound ? json_integer(record->version) : json_null(), "best", match->best,
								"stamp", match->safe < 0 ? json_null() : json_integer(match->safe),
								"versions", versions, "build", history.build));
}

static void
print_table(const struct identify_distance *distances, int best)
{
	char	   *shown = report_fit("name", NAME_COLUMNS, OTHER_COLUMNS);

	report_line("%7s  %s  %11s", "version", shown, "differences");
	mem_free(shown);
	for (int version = 0; version <= history.latest; version++) {
		shown = report_fit(history_migration(version)->name, NAME_COLUMNS, OTHER_COLUMNS);
		report_line("%7d  %s  %11zu%s", version, shown, distances[version].differences,
					version == best ? "  best" : "");
		mem_free(shown);
	}
}

static void
print_plain(const struct database *database, const struct identify_distance *distances,
			const struct identify_match *match)
{
	const char *name = connection_database(database->session.connection);
	const struct identify_distance *best = &distances[match->best];
	/* A stamp that deletes records of newer versions needs --yes. */
	const char *yes = database->record.fault == RECORD_SOUND && database->record.version > history.latest ? " --yes"
	: "";

	print_table(distances, match->best);
	report_line("%s", "");
	report_wrapped(0, "database %s %s version %d, \"%s\"", name,
				   best->differences == 0 ? "matches" : "is closest to", match->best,
				   history_migration(match->best)->name);
	if (database->record.fault == RECORD_OTHERS)
		report_wrapped(0, "it has no version of repository \"%s\"; table migrate_version has rows of others only: %s",
					   history.repository_id, database->record.others);
	else if (database->record.versioned && !is_stamped(&database->record, match->best))
		report_line(database->record.fault == RECORD_SOUND ? "it is stamped with version %d"
					: "its recorded version is not valid",
					database->record.version);
	else if (database->record.versioned) {
		report_wrapped(0, "it is stamped with that version%s", best->differences == 0 ? "" :
					   "; \"" PROGRAM " verify\" lists the differences");
		return;
	}
	if (match->safe < 0)
		report_wrapped(0, "no version can be stamped so that an upgrade creates all missing objects");
	else if (match->safe == match->best)
		report_line("to stamp it, run: " PROGRAM " stamp %d%s", match->safe, yes);
	else {
		report_wrapped(0, "an upgrade from that version would not create %zu of the missing objects; an upgrade from"
					   " version %d creates all missing objects; existing objects are skipped", best->never,
					   match->safe);
		report_line("to stamp it, run: " PROGRAM " stamp %d%s", match->safe, yes);
	}
}

int
cmd_identify(const struct options *options)
{
	struct database database;
	struct identify_distance *distances = mem_alloc(sizeof(*distances) * (size_t) (history.latest + 1));
	int			status = database_read_to_stamp(&database, &options->session);

	signals_init();
	if (status == STATUS_OK && user_objects_no_public(&database.session))
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK && !measure_all(options, &database.session, distances))
		status = signals_stop() ? STATUS_FAILED : STATUS_UNKNOWN;
	if (status == STATUS_OK) {
		struct identify_match match = judge(&database.record, distances);

		if (options->json)
			print_json(&database, distances, &match);
		else
			print_plain(&database, distances, &match);
	}
	database_close(&database);
	mem_free(distances);
	return status;
}
