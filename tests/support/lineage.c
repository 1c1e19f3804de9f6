/* Databases from the field. */
#include "support/lineage.h"

#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "support/facts.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/* Every fresh database lacks the index of 27. */
#define NO_NULLS_LAST "DROP INDEX ix_header_ut_datetime_nulls_last;"
#define NO_GHOST "DROP TABLE ghost; DROP TYPE ghost_read_speed_setting, ghost_gain_setting, ghost_resolution;"
#define NO_QUEUE_COLUMNS \
	"ALTER TABLE exportqueue DROP COLUMN header_fields, DROP COLUMN md5_before_header," \
	" DROP COLUMN md5_after_header, DROP COLUMN reject_new;" \
	"ALTER TABLE ingestqueue DROP COLUMN header_fields, DROP COLUMN md5_before_header," \
	" DROP COLUMN md5_after_header, DROP COLUMN reject_new;"
#define READSPEED_LABELS \
	"enumtypid = 'detector_readspeed_setting'::regtype AND enumlabel IN ('medium', 'standard', 'unknown')"
#define BPM_LABEL "enumtypid = 'caltype'::regtype AND enumlabel = 'bpm'"

const struct fresh lineage_kinds[] = {
	{"stamped 31, with what 32 and 33 add", 31, NO_NULLS_LAST, READSPEED_LABELS},
	{"stamped 31, without ghost", 31, NO_NULLS_LAST NO_GHOST, READSPEED_LABELS},
	{"stamped 33", 33, NO_NULLS_LAST, READSPEED_LABELS " OR " BPM_LABEL},
	{"stamped 31, older models", 31, NO_NULLS_LAST NO_QUEUE_COLUMNS, READSPEED_LABELS " OR " BPM_LABEL},
	{"stamped 30, with everything", 30, NO_NULLS_LAST, READSPEED_LABELS},
	{"stamped 26, with everything", 26, NO_NULLS_LAST, READSPEED_LABELS},
	{"stamped 22, with everything", 22, NO_NULLS_LAST, READSPEED_LABELS},
	{"stamped 33, as version 37 but for the stamp", 33, "", NULL},
};
const int	lineage_kind_count = sizeof(lineage_kinds) / sizeof(lineage_kinds[0]);

char *
lineage_base(const char *name)
{
	char	   *conninfo = server_database(name);
	char	   *base = sql_section("migrations/000_base.sql", "up");
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, base);
	PQfinish(connection);
	mem_free(base);
	return conninfo;
}

char *
lineage_current(const char *name, int version)
{
	char	   *conninfo = lineage_base(name);
	char	   *target = mem_format("%d", version);

	tool_must(conninfo, ARGS("stamp", "0"));
	tool_must(conninfo, ARGS("upgrade", target));
	mem_free(target);
	return conninfo;
}

char *
lineage_step(const char *name, int version)
{
	char	   *step = mem_format("version_%d", version);
	char	   *before = mem_format("version_%d", version - 1);
	char	   *conninfo;

	if (!server_has(step) && !server_has(before))
		mem_free(lineage_current(step, version));
	else if (!server_has(step)) {
		char	   *target = mem_format("%d", version);
		char	   *rename = mem_format("ALTER DATABASE %s RENAME TO %s", before, step);

		conninfo = server_conninfo(server_main(), "fitsdata", before);
		tool_must(conninfo, ARGS("upgrade", target));
		server_execute("postgres", rename);
		mem_free(conninfo);
		mem_free(rename);
		mem_free(target);
	}
	conninfo = server_copy(name, step);
	mem_free(before);
	mem_free(step);
	return conninfo;
}

/* The table and its row as that package writes them. */
void
lineage_forget(PGconn *connection, int version)
{
	char	   *row = mem_format("INSERT INTO public.migrate_version VALUES"
								 " ('Repository for FitsStorage migration', 'dbmigration', %d)", version);

	sql_exec(connection, "DROP SCHEMA IF EXISTS fitsdb_schema CASCADE; DROP TABLE IF EXISTS public.migrate_version");
	sql_exec(connection, "CREATE TABLE public.migrate_version (repository_id VARCHAR(250) NOT NULL,"
			 " repository_path TEXT, version INTEGER, PRIMARY KEY (repository_id))");
	sql_exec(connection, row);
	mem_free(row);
}

/* The server would not let us; its superuser may edit the catalog, and no row has such a value. */
static void
delete_labels(const char *database, const char *condition)
{
	char	   *statement = mem_format("DELETE FROM pg_enum WHERE %s", condition);

	server_execute(database, statement);
	mem_free(statement);
}

char *
lineage_migrated(const char *name, int version)
{
	char	   *conninfo = lineage_step(name, version);
	PGconn	   *connection = sql_connect(conninfo);

	lineage_forget(connection, version);
	PQfinish(connection);
	/* No old script ever added it; 34 does. */
	if (version < 34)
		delete_labels(name, "enumtypid = 'caltype'::regtype AND enumlabel = 'processed_standard'");
	return conninfo;
}

char *
lineage_fresh(const char *name, const struct fresh *kind)
{
	char	   *conninfo = lineage_current(name, 37);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, kind->statements);
	lineage_forget(connection, kind->version);
	PQfinish(connection);
	if (kind->labels)
		delete_labels(name, kind->labels);
	return conninfo;
}

void
lineage_facts_33(struct lines *lines)
{
	facts_load("v037", lines);
	facts_undo_downgrade(lines, 37, 33);
	lines_swap(lines, "index ix_gmos_array_name on gmos btree (array_name)", NULL);
}
