/* verify: compare the schema with that of the version that the database is at. */
#include <stdio.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/printable.h"
#include "base/report.h"
#include "base/signals.h"
#include "cli/commands.h"
#include "history/history.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/database.h"
#include "record/trust.h"
#include "schema/catalog.h"
#include "schema/diff.h"
#include "schema/repair_sql.h"
#include "shadow/shadow.h"

#include "base/banned.h"

static const char *
fact_table(const struct catalog_fact *fact)
{
	return fact->group[0] ? fact->group : NULL;
}

static json_t *
json_difference(const struct diff_item *difference)
{
	const struct catalog_fact *is = difference->is;
	const struct catalog_fact *should = difference->should;
	const struct catalog_fact *fact = is ? is : should;
	bool		both = is && should;
	char	   *text = diff_text(difference);
	char	   *sql = repair_sql(difference);
	/* The column at which a wrong order was noticed means nothing. */
	const char *name = difference->kind == DIFF_ORDER ? NULL : both ? should->name : fact->name;
	json_t	   *object = json_pack("{s:s, s:s, s:o, s:o, s:o}", "difference", diff_word(difference), "kind",
								   catalog_kind(fact->kind), "of", json_output_text(fact_table(fact)), "name",
								   json_output_text(name), "text", json_output_text(text));

	if (both && difference->kind == DIFF_CHANGED) {
		json_output_set(object, "property", json_output_text(catalog_property(fact->kind, difference->property)));
		json_output_set(object, "is", json_output_text(is->values[difference->property]));
		json_output_set(object, "should_be", json_output_text(should->values[difference->property]));
	} else if (both && difference->kind == DIFF_RENAMED)
		json_output_set(object, "is", json_output_text(is->name));
	json_output_set(object, "sql", json_output_text(sql));
	mem_free(sql);
	mem_free(text);
	return object;
}

static void
print_json(const struct database *database, const struct diff *diff)
{
	json_t	   *differences = json_output_array();
	json_t	   *notes = json_output_array();

	for (size_t i = 0; i < diff->count; i++)
		json_output_append(diff->items[i].note ? notes : differences, json_difference(&diff->items[i]));
	json_output_print(json_pack("{s:s, s:o, s:i, s:o, s:o, s:s}", "status", diff->count > diff->notes ? "different"
								: "same",
								"database", json_output_text(connection_database(database->session.connection)),
								"version", database->record.version,
								"differences", differences, "notes", notes, "build", history.build));
}

static void
print_group(const struct diff_item *difference)
{
	const struct catalog_fact *fact = difference->is ? difference->is : difference->should;
	/* The name of a function has its arguments, and is quoted by the server. */
	bool		plain = fact->kind == FACT_FUNCTION && !fact->group[0];
	char	   *name = plain ? mem_string(fact->name) : printable_name(diff_group(difference));

	report_line("%s", "");
	report_line("%s", name);
	mem_free(name);
}

static void
print_list(const struct diff *diff)
{
	const char *group = "";

	for (size_t i = 0; i < diff->count; i++) {
		const struct diff_item *difference = &diff->items[i];
		char	   *text = diff_text(difference);

		if (strcmp(group, diff_group(difference)) != 0) {
			group = diff_group(difference);
			print_group(difference);
		}
		report_wrapped(2, "%s%s", difference->note ? "note: " : "", text);
		mem_free(text);
	}
}

/* The SQL that repairs the differences, if it is safe. */
static void
print_sql(const struct diff *diff)
{
	size_t		count = 0;

	for (size_t i = 0; i < diff->count; i++) {
		char	   *sql = repair_sql(&diff->items[i]);

		if (sql && count++ == 0)
			report_block("\nThis SQL repairs the differences that can be repaired safely:\n\n");
		if (sql)
			report_sql(sql);
		mem_free(sql);
	}
}

static void
print_plain(const struct database *database, const struct diff *diff)
{
	const char *name = connection_database(database->session.connection);
	size_t		count = diff->count - diff->notes;
	int			version = database->record.version;

	if (count == 0)
		report_wrapped(0, "same: database %s matches version %d", name, version);
	else
		report_wrapped(0, "different: database %s does not match version %d: %zu difference%s", name, version,
					   count, count == 1 ? "" : "s");
	print_list(diff);
	print_sql(diff);
	if (count == 0)
		return;
	if (database->record.incomplete.there)
		report_hint("A migration is incomplete: run \"" PROGRAM " upgrade\" to finish it first.");
	else if (version < history.latest)
		report_hint("%d migration%s pending and may remove some differences: see \"" PROGRAM " plan\".",
					history.latest - version, history.latest - version == 1 ? " is" : "s are");
	report_hint("To find the version that matches best, run \"" PROGRAM " identify\".");
}

/* An extra label may belong to a later version: then the latest version is read too. */
static bool
compare(struct shadow *shadow, struct diff *diff, const struct catalog *is, struct catalog *should,
		struct catalog *later, int version)
{
	if (!shadow_build(shadow, version) || !catalog_read(&shadow->session, should, shadow->owner))
		return false;
	diff_compare(diff, is, should, DIFF_ALL);
	if (!diff_has_extra_labels(diff) || version == history.latest)
		return true;
	if (!shadow_build(shadow, history.latest) || !catalog_read(&shadow->session, later, shadow->owner))
		return false;
	diff_excuse_labels(diff, later);
	return true;
}

static bool
is_listed(const struct pipeline_command *names, const char *name)
{
	for (int i = 0; i < pipeline_row_count(names); i++)
		if (strcmp(pipeline_text(names, i, 0), name) == 0)
			return true;
	return false;
}

static const char *
other_owner(const struct diff_item *difference)
{
	const struct catalog_fact *is = difference->is;

	return difference->kind == DIFF_CHANGED && is
		&& strcmp(catalog_property(is->kind, difference->property), "owner") == 0 ? is->values[difference->property]
		: NULL;
}

static void
report_untrusted(const struct catalog_fact *fact, const char *owner)
{
	char	   *name = diff_name(fact);
	char	   *role = printable_quoted(owner);

	report_warning("%s belongs to untrusted role %s: no SQL is printed for it", name, role);
	mem_free(role);
	mem_free(name);
}

/*
 * No SQL is printed for objects of an untrusted owner, nor for objects on such a table: a user who runs it would run
 * that role's index expressions, constraints and rules with the rights of the database's owner.
 */
static bool
flag_untrusted(struct session *session, struct diff *diff)
{
	struct pipeline pipeline = {0};
	bool		read;

	session_begin_reading(session, &pipeline);
	pipeline_add(&pipeline, "SELECT r.rolname FROM pg_roles r WHERE " TRUST_ROLE("r.oid", "$1"), 1,
				 session->options->role);
	session_end_reading(&pipeline);
	read = session_query(session, &pipeline, "read the roles");
	for (size_t i = 0; read && i < diff->count; i++) {
		const char *owner = other_owner(&diff->items[i]);

		if (!owner || is_listed(session_result(&pipeline), owner))
			continue;
		for (size_t k = 0; k < diff->count; k++)
			if (strcmp(diff_group(&diff->items[k]), diff_group(&diff->items[i])) == 0)
				diff->items[k].untrusted = true;
		report_untrusted(diff->items[i].is, owner);
	}
	pipeline_clear(&pipeline);
	return read;
}

static int
verify(const struct options *options, struct database *database)
{
	struct shadow shadow = {0};
	struct catalog is = {0};
	struct catalog should = {0};
	struct catalog later = {0};
	struct diff diff = {0};
	int			status = STATUS_UNKNOWN;
	bool		compared = catalog_read(&database->session, &is, NULL)
		&& shadow_open(&shadow, &database->session, options->shadow)
		&& compare(&shadow, &diff, &is, &should, &later, database->record.version)
		&& flag_untrusted(&database->session, &diff);

	if (compared && connection_server_version(database->session.connection) / 10000
		!= connection_server_version(shadow.session.connection) / 10000)
		report_warning("the two servers have different major versions, which print some definitions differently");
	shadow_close(&shadow);
	if (compared) {
		if (options->json)
			print_json(database, &diff);
		else
			print_plain(database, &diff);
		status = diff.count > diff.notes ? STATUS_DIFFERENT : STATUS_OK;
	} else if (signals_stop())
		status = STATUS_FAILED;
	diff_clear(&diff);
	catalog_clear(&later);
	catalog_clear(&should);
	catalog_clear(&is);
	return status;
}

int
cmd_verify(const struct options *options)
{
	struct database database;
	int			status = database_read(&database, &options->session);

	signals_init();
	if (status == STATUS_OK && !database_versioned(&database))
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK && database.record.version > history.latest) {
		report_error("database \"%s\" is ahead: it is at version %d, this build has %d",
					 connection_database(database.session.connection),
					 database.record.version, history.latest);
		report_hint("Use the newer build.");
		status = STATUS_UNKNOWN;
	}
	if (status == STATUS_OK)
		status = verify(options, &database);
	database_close(&database);
	return status;
}
