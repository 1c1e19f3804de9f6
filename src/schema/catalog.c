/* Read the schema from the system catalogs. */
#include "schema/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "schema/catalog_queries.h"

#include "base/banned.h"

/* The columns of the queries. */
enum {
	GROUP, NAME, POSITION, VALUES, NEEDS = VALUES + FACT_PROPERTIES, SQL, QUOTED_GROUP, QUOTED_NAME
};

/* Settings that change the text of defaults, constraints and bounds, besides those of session_add_own_settings. */
#define SETTINGS_OF_TEXTS \
	"SELECT set_config('timezone', 'UTC', true), set_config('intervalstyle', 'postgres', true)," \
	" set_config('extra_float_digits', '1', true), set_config('bytea_output', 'hex', true)"

#define WITH_QUOTED \
	"SELECT q.*, quote_ident(q.grouped), quote_ident(q.named)" \
	" FROM (%s) q (grouped, named, position, value1, value2, value3, value4, needs, sql)"

static const struct {
	const char *word;
	const char *properties[FACT_PROPERTIES];
}			kinds[FACT_KIND_COUNT] = {
	[FACT_TABLE] = {"table", {"kind", "owner", "row security"}},
	[FACT_COLUMN] = {"column", {"type", "nullability", "default", "generated"}},
	[FACT_INDEX] = {"index", {"definition", "validity"}},
	[FACT_CONSTRAINT] = {"constraint", {"definition"}},
	[FACT_SEQUENCE] = {"sequence", {"owned by", "definition", "owner"}},
	[FACT_TYPE] = {"type", {"kind", "owner"}},
	[FACT_LABEL] = {"label", {NULL}},
	[FACT_VIEW] = {"view", {"kind", "definition", "owner", "options"}},
	[FACT_FUNCTION] = {"function", {"definition", "owner"}},
	[FACT_TRIGGER] = {"trigger", {"definition", "state"}},
	[FACT_PRIVILEGE] = {"privilege", {"privileges"}},
};

int
catalog_order(const struct catalog_fact *a, const struct catalog_fact *b)
{
	int			order = (a->kind > b->kind) - (a->kind < b->kind);

	if (order == 0)
		order = strcmp(a->group, b->group);
	return order ? order : strcmp(a->name, b->name);
}

static int
compare_facts(const void *left, const void *right)
{
	return catalog_order(left, right);
}

static void
add_facts(struct catalog *catalog, enum catalog_fact_kind kind, const struct pipeline_command *rows)
{
	catalog->facts = mem_grow(catalog->facts, catalog->count + (size_t) pipeline_row_count(rows),
							  sizeof(*catalog->facts));
	for (int i = 0; i < pipeline_row_count(rows); i++) {
		struct catalog_fact *fact = &catalog->facts[catalog->count++];

		*fact = (struct catalog_fact) {.kind = kind,.group = mem_string(pipeline_text(rows, i, GROUP)),
			.name = mem_string(pipeline_text(rows, i, NAME)),.position = (int) pipeline_number(rows, i, POSITION),
			.needs = mem_string(pipeline_text(rows, i, NEEDS)),.sql = mem_string(pipeline_value(rows, i, SQL)),
			.quoted_group = mem_string(pipeline_text(rows, i, QUOTED_GROUP)),
			.quoted_name = mem_string(pipeline_text(rows, i, QUOTED_NAME))
		};
		for (int k = 0; k < FACT_PROPERTIES; k++)
			fact->values[k] = mem_string(pipeline_value(rows, i, VALUES + k));
	}
}

static void
add_queries(struct pipeline *pipeline, int server, const char *owner)
{
	char	   *columns = mem_format(READ_COLUMNS, server < 120000 ? ""
									 : " WHEN a.attgenerated = 's' THEN 'always, stored'"
									 " WHEN a.attgenerated <> '' THEN 'always, virtual'",
									 server < 120000 ? "false" : "a.attgenerated <> ''");
	const char *aggregate = server < 110000 ? "p.proisagg" : "p.prokind = 'a'";
	char	   *functions = mem_format(READ_FUNCTIONS, aggregate, aggregate);
	const char *queries[FACT_KIND_COUNT] = {
		[FACT_TABLE] = READ_TABLES,[FACT_COLUMN] = columns,[FACT_INDEX] = READ_INDEXES,
		[FACT_CONSTRAINT] = READ_CONSTRAINTS,[FACT_SEQUENCE] = READ_SEQUENCES,[FACT_TYPE] = READ_TYPES,
		[FACT_LABEL] = READ_LABELS,[FACT_VIEW] = READ_VIEWS,[FACT_FUNCTION] = functions,[FACT_TRIGGER] = READ_TRIGGERS,
		[FACT_PRIVILEGE] = READ_PRIVILEGES,
	};

	for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
		char	   *query = mem_format(WITH_QUOTED, queries[kind]);

		/* A parameter that the query does not use would have no type. */
		pipeline_add(pipeline, query, strstr(query, "$1") ? 1 : 0, owner);
		mem_free(query);
	}
	mem_free(columns);
	mem_free(functions);
}

/* The pipeline is empty, or contains the commands to send before the queries. */
static bool
read_facts(struct session *session, struct pipeline *pipeline, struct catalog *catalog, const char *owner, bool within)
{
	size_t		first;
	bool		done;

	*catalog = (struct catalog) {0};
	session_add_timeouts(session, pipeline);
	pipeline_add(pipeline, SETTINGS_OF_TEXTS, 0);
	first = pipeline->count;
	add_queries(pipeline, connection_server_version(session->connection), owner);
	if (!within)
		pipeline_add(pipeline, "COMMIT", 0);
	connection_set_interruptible(session->connection, true);
	done = session_query(session, pipeline, "read the schema");
	connection_set_interruptible(session->connection, false);
	for (size_t kind = 0; done && kind < FACT_KIND_COUNT; kind++)
		add_facts(catalog, (enum catalog_fact_kind) kind, &pipeline->commands[first + kind]);
	if (catalog->count > 0)
		qsort(catalog->facts, catalog->count, sizeof(*catalog->facts), compare_facts);
	pipeline_clear(pipeline);
	return done;
}

bool
catalog_read_within(struct session *session, struct catalog *catalog, const char *owner)
{
	struct pipeline pipeline = {0};

	return read_facts(session, &pipeline, catalog, owner, true);
}

bool
catalog_read(struct session *session, struct catalog *catalog, const char *owner)
{
	struct pipeline pipeline = {0};

	pipeline_add(&pipeline, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", 0);
	if (read_facts(session, &pipeline, catalog, owner, false))
		return true;
	pipeline_add(&pipeline, "ROLLBACK", 0);
	(void) pipeline_run(session->connection, &pipeline);
	pipeline_clear(&pipeline);
	return false;
}

char *
catalog_key(const struct catalog_fact *fact)
{
	return mem_format("%s\t%s\t%s", kinds[fact->kind].word, fact->group, fact->name);
}

const char *
catalog_kind(enum catalog_fact_kind kind)
{
	return kinds[kind].word;
}

const char *
catalog_property(enum catalog_fact_kind kind, int i)
{
	return kinds[kind].properties[i];
}

void
catalog_clear(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->count; i++) {
		struct catalog_fact *fact = &catalog->facts[i];

		mem_free(fact->group);
		mem_free(fact->name);
		mem_free(fact->quoted_group);
		mem_free(fact->quoted_name);
		for (int k = 0; k < FACT_PROPERTIES; k++)
			mem_free(fact->values[k]);
		mem_free(fact->needs);
		mem_free(fact->sql);
	}
	mem_free(catalog->facts);
	*catalog = (struct catalog) {0};
}
