/* Facts about event triggers, publications and subscriptions. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "pg/pipeline.h"
#include "schema/array.h"
#include "schema/fact.h"
#include "schema/live_fact.h"
#include "schema/live_parts.h"
#include "schema/live_reader.h"

#include "base/banned.h"

/* The columns of LIVE_EVENT_TRIGGERS; the function has two. */
enum {
	TRIGGER_OID, TRIGGER_NAME, TRIGGER_OWNER, TRIGGER_EVENT, TRIGGER_ENABLED, TRIGGER_TAGS, TRIGGER_FUNCTION
};

/* The columns of LIVE_PUBLICATIONS, LIVE_PUBLISHED and LIVE_ROW_FILTERS. */
enum {
	PUBLICATION_OID, PUBLICATION_NAME, PUBLICATION_OWNER, PUBLICATION_ALL, PUBLICATION_INSERT, PUBLICATION_UPDATE,
	PUBLICATION_DELETE, PUBLICATION_TRUNCATE, PUBLICATION_ROOT, PUBLICATION_GENERATED
};
enum {
	PUBLISHED_BY, PUBLISHED_RELATION, PUBLISHED_SCHEMA, PUBLISHED_COLUMNS, PUBLISHED_ENTRY
};
enum {
	FILTER_ENTRY, FILTER_TEXT
};

/* The columns of LIVE_SUBSCRIPTIONS. The server has these from 10, 14, 15, 16 and 17 on. */
enum {
	SUBSCRIPTION_NAME, SUBSCRIPTION_OWNER, SUBSCRIPTION_ENABLED, SUBSCRIPTION_SLOT, SUBSCRIPTION_PUBLICATIONS,
	SUBSCRIPTION_OID, SUBSCRIPTION_BINARY, SUBSCRIPTION_STREAM, SUBSCRIPTION_COMMIT,
	SUBSCRIPTION_TWO_PHASE, SUBSCRIPTION_DISABLE,
	SUBSCRIPTION_PASSWORD, SUBSCRIPTION_RUN_AS, SUBSCRIPTION_ORIGIN,
	SUBSCRIPTION_FAILOVER
};

#define SUBSCRIPTIONS(columns) \
	"SELECT subname, subowner, subenabled, subslotname, subpublications" columns " FROM pg_subscription" \
	" WHERE subdbid = " LIVE_THIS_DATABASE
#define SINCE_14 ", oid, subbinary, substream, subsynccommit"
#define SINCE_15 SINCE_14 ", subtwophasestate, subdisableonerr"
#define SINCE_16 SINCE_15 ", subpasswordrequired, subrunasowner, suborigin"
#define SINCE_17 SINCE_16 ", subfailover"

#define PUBLICATIONS(columns) \
	"SELECT oid, pubname, pubowner, puballtables, pubinsert, pubupdate, pubdelete, " columns " FROM pg_publication"

/* Version 10 cannot publish TRUNCATE; later ones do by default, and not if others are listed only in part. */
#define PUBLISHES_TRUNCATE_10 "pubinsert AND pubupdate AND pubdelete"

/* The columns that roles may read without being superusers; never the connection string. */
static const char *
subscription_query(int server)
{
	return server >= 170000 ? SUBSCRIPTIONS(SINCE_17)
		: server >= 160000 ? SUBSCRIPTIONS(SINCE_16)
		: server >= 150000 ? SUBSCRIPTIONS(SINCE_15)
		: server >= 140000 ? SUBSCRIPTIONS(SINCE_14) : SUBSCRIPTIONS("");
}

static void
ask(struct live_reader *reader)
{
	live_ask(reader, LIVE_EVENT_TRIGGERS, "SELECT oid, evtname, evtowner, evtevent, evtenabled, evttags, "
			 LIVE_FUNCTION("evtfoid") " FROM pg_event_trigger");
	live_ask(reader, LIVE_PUBLICATIONS, reader->server >= 180000 ? PUBLICATIONS("pubtruncate, pubviaroot, pubgencols")
			 : reader->server >= 130000 ? PUBLICATIONS("pubtruncate, pubviaroot, 'n'")
			 : reader->server >= 110000 ? PUBLICATIONS("pubtruncate, false, 'n'")
			 : PUBLICATIONS(PUBLISHES_TRUNCATE_10 ", false, 'n'"));
	live_ask(reader, LIVE_PUBLISHED, reader->server >= 150000
			 ? "SELECT prpubid, prrelid, 0, prattrs, oid FROM pg_publication_rel"
			 " UNION ALL SELECT pnpubid, 0, pnnspid, NULL, 0 FROM pg_publication_namespace"
			 : "SELECT prpubid, prrelid, 0, NULL, 0 FROM pg_publication_rel");
	if (reader->server >= 150000)
		live_ask_late(reader, LIVE_ROW_FILTERS, "SELECT oid, pg_get_expr(prqual, prrelid) FROM pg_publication_rel"
					  " WHERE prqual IS NOT NULL");
	live_ask(reader, LIVE_SUBSCRIPTIONS, subscription_query(reader->server));
}

static void
enter(struct live_reader *reader)
{
	live_enter_named(reader, LIVE_EVENT_TRIGGERS, LIVE_CLASS_EVENT_TRIGGER, FACT_EVENT_TRIGGER);
	live_enter_named(reader, LIVE_PUBLICATIONS, LIVE_CLASS_PUBLICATION, FACT_PUBLICATION);
}

static void
tell_event_triggers(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_EVENT_TRIGGERS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, TRIGGER_OID);
		const struct live_object *trigger = live_compared(reader, LIVE_CLASS_EVENT_TRIGGER, oid);
		char		enabled = live_letter(rows, i, TRIGGER_ENABLED);

		if (!trigger)
			continue;
		live_begin(reader, FACT_EVENT_TRIGGER, trigger->name);
		live_main(reader, "on %s execute %s", pipeline_text(rows, i, TRIGGER_EVENT),
				  live_function(reader, rows, i, TRIGGER_FUNCTION));
		live_property(reader, "tags", array_join(reader->arena, pipeline_value(rows, i, TRIGGER_TAGS)));
		live_flag(reader, "disabled", enabled == 'D');
		live_flag(reader, "enabled for replica", enabled == 'R');
		live_flag(reader, "enabled always", enabled == 'A');
		live_owner(reader, live_oid(rows, i, TRIGGER_OWNER));
		live_comment(reader, LIVE_CLASS_EVENT_TRIGGER, oid, 0);
		live_end(reader);
	}
}

/* --- publications --- */

static const char *
row_filter(const struct live_reader *reader, unsigned entry)
{
	const struct pipeline_command *rows = reader->server >= 150000 ? live_rows(reader, LIVE_ROW_FILTERS) : NULL;

	for (int i = 0; rows && entry && i < pipeline_row_count(rows); i++)
		if (live_oid(rows, i, FILTER_ENTRY) == entry)
			return pipeline_text(rows, i, FILTER_TEXT);
	return NULL;
}

/* The names of columns by their numbers, which are in order: "1 3"; NULL for NULL. */
static const char *
name_columns(struct live_reader *reader, unsigned relation, const char *numbers)
{
	const char *names = NULL;
	char	   *end;

	for (; numbers && *numbers; numbers = end + (*end == ' ')) {
		const char *name = live_column(reader, relation, (int) strtol(numbers, &end, 10));

		names = names ? arena_format(reader->arena, "%s, %s", names, name) : name;
	}
	return names;
}

/* "(id, name) where (id > 5)" */
static const char *
published_part(struct live_reader *reader, const struct pipeline_command *rows, int i)
{
	const char *columns = name_columns(reader, live_oid(rows, i, PUBLISHED_RELATION),
									   pipeline_value(rows, i, PUBLISHED_COLUMNS));
	const char *filter = row_filter(reader, live_oid(rows, i, PUBLISHED_ENTRY));

	if (columns && filter)
		return arena_format(reader->arena, "(%s) where %s", columns, filter);
	if (columns)
		return arena_format(reader->arena, "(%s)", columns);
	return filter ? arena_format(reader->arena, "where %s", filter) : "";
}

/* "table t: (id, name) where (id > 5)", "tables in schema x": properties, in order. */
static void
tell_published(struct live_reader *reader, unsigned publication)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_PUBLISHED);
	struct fact_set sorted = {0};

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	schema = live_oid(rows, i, PUBLISHED_SCHEMA);
		unsigned	relation = live_oid(rows, i, PUBLISHED_RELATION);

		if (live_oid(rows, i, PUBLISHED_BY) != publication)
			continue;
		if (schema)
			fact_add(&sorted, FACT_SCHEMA, live_name(reader, LIVE_CLASS_NAMESPACE, schema), "");
		else
			fact_add(&sorted, FACT_TABLE, live_name(reader, LIVE_CLASS_RELATION, relation),
					 published_part(reader, rows, i));
	}
	fact_set_sort(&sorted);
	for (size_t i = 0; i < sorted.count; i++) {
		const struct fact *fact = &sorted.facts[i];
		const char *label = arena_format(reader->arena, "%s %s",
										 fact->kind == FACT_TABLE ? "table" : "tables in schema", fact->name);

		if (*fact->definition)
			live_property(reader, label, fact->definition);
		else
			live_flag(reader, label, true);
	}
	fact_set_clear(&sorted);
}

static void
tell_publications(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_PUBLICATIONS);

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		unsigned	oid = live_oid(rows, i, PUBLICATION_OID);
		const struct live_object *publication = live_compared(reader, LIVE_CLASS_PUBLICATION, oid);

		if (!publication)
			continue;
		live_begin(reader, FACT_PUBLICATION, publication->name);
		live_main(reader, "%s", pipeline_bool(rows, i, PUBLICATION_ALL) ? "all tables" : "listed tables");
		tell_published(reader, oid);
		live_flag(reader, "without insert", !pipeline_bool(rows, i, PUBLICATION_INSERT));
		live_flag(reader, "without update", !pipeline_bool(rows, i, PUBLICATION_UPDATE));
		live_flag(reader, "without delete", !pipeline_bool(rows, i, PUBLICATION_DELETE));
		live_flag(reader, "without truncate", !pipeline_bool(rows, i, PUBLICATION_TRUNCATE));
		live_flag(reader, "via root", pipeline_bool(rows, i, PUBLICATION_ROOT));
		live_flag(reader, "generated columns", live_letter(rows, i, PUBLICATION_GENERATED) == 's');
		live_owner(reader, live_oid(rows, i, PUBLICATION_OWNER));
		live_comment(reader, LIVE_CLASS_PUBLICATION, oid, 0);
		live_end(reader);
	}
}

/* --- subscriptions --- */

static void
tell_options(struct live_reader *reader, const struct pipeline_command *rows, int row)
{
	const char *stream = pipeline_text(rows, row, SUBSCRIPTION_STREAM);
	const char *commit = pipeline_text(rows, row, SUBSCRIPTION_COMMIT);

	live_flag(reader, "binary", pipeline_bool(rows, row, SUBSCRIPTION_BINARY));
	/* The default is "off" up to 17, and "parallel" from 18 on. */
	if (strcmp(stream, reader->server >= 180000 ? "p" : "f") != 0)
		live_property(reader, "streaming", *stream == 'p' ? "parallel" : *stream == 't' ? "on" : "off");
	if (strcmp(commit, "off") != 0)
		live_property(reader, "synchronous commit", commit);
	if (reader->server >= 150000) {
		live_flag(reader, "two phase", live_letter(rows, row, SUBSCRIPTION_TWO_PHASE) != 'd');
		live_flag(reader, "disable on error", pipeline_bool(rows, row, SUBSCRIPTION_DISABLE));
	}
	if (reader->server >= 160000) {
		const char *origin = pipeline_text(rows, row, SUBSCRIPTION_ORIGIN);

		live_flag(reader, "no password required", !pipeline_bool(rows, row, SUBSCRIPTION_PASSWORD));
		live_flag(reader, "run as owner", pipeline_bool(rows, row, SUBSCRIPTION_RUN_AS));
		if (strcmp(origin, "any") != 0)
			live_property(reader, "origin", origin);
	}
	if (reader->server >= 170000)
		live_flag(reader, "failover", pipeline_bool(rows, row, SUBSCRIPTION_FAILOVER));
}

static long
count_comments(const struct live_reader *reader, unsigned class_oid)
{
	long		count = 0;

	for (size_t i = 0; i < reader->comment_count; i++)
		count += reader->comments[i].class_oid == class_oid;
	return count;
}

static void
tell_subscriptions(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_SUBSCRIPTIONS);
	const int	count = pipeline_row_count(rows);
	const char *plural = count == 1 ? "" : "s";

	for (int i = 0; i < count; i++) {
		const char *name = pipeline_text(rows, i, SUBSCRIPTION_NAME);
		const char *slot = pipeline_value(rows, i, SUBSCRIPTION_SLOT);

		live_begin(reader, FACT_SUBSCRIPTION, fact_identifier(reader->arena, name));
		live_main(reader, "%s", array_join(reader->arena, pipeline_text(rows, i, SUBSCRIPTION_PUBLICATIONS)));
		live_flag(reader, "disabled", !pipeline_bool(rows, i, SUBSCRIPTION_ENABLED));
		if (!slot || strcmp(slot, name) != 0)
			live_property(reader, "slot", slot ? slot : "none");
		if (reader->server >= 140000)
			tell_options(reader, rows, i);
		live_owner(reader, live_oid(rows, i, SUBSCRIPTION_OWNER));
		if (reader->server >= 140000)
			live_comment(reader, LIVE_CLASS_SUBSCRIPTION, live_oid(rows, i, SUBSCRIPTION_OID), 0);
		live_end(reader);
	}
	if (count > 0)
		live_not_compared(reader, "connection%s of %d subscription%s", plural, count, plural);
	/* These servers let only superusers read them. */
	if (count > 0 && reader->server < 140000) {
		live_not_compared(reader, "synchronous_commit of %d subscription%s", count, plural);
		live_uncompared(reader, count_comments(reader, LIVE_CLASS_SUBSCRIPTION), "subscription's comment");
	}
}

static void
tell(struct live_reader *reader)
{
	tell_event_triggers(reader);
	tell_publications(reader);
	tell_subscriptions(reader);
}

const struct live_part live_replication = {ask, enter, tell};
