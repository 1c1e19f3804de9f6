/* Refuse to change anything under unsuitable settings. */
#include "pg/settings.h"

#include <string.h>

#include "base/mem.h"
#include "base/printable.h"
#include "base/report.h"
#include "pg/pipeline.h"
#include "pg/session.h"

#include "base/banned.h"

/* The columns of the query below. */
enum {
	NAME, SETTING, STATEMENT, SOURCE, AS_SUPERUSER
};

/*
 * The unsuitable settings, and the statement that resets each, which depends on its source. While transactions are read
 * only by default, the statement needs a read-write transaction.
 */
#define FIND_SETTINGS \
	"SELECT s.name, s.setting, CASE WHEN s.name = 'default_transaction_read_only'" \
	" THEN 'BEGIN READ WRITE; ' || o.statement || ' COMMIT;' ELSE o.statement END, s.source," \
	" s.context = 'superuser' OR s.source = 'global' FROM pg_settings s, LATERAL (SELECT CASE s.source" \
	" WHEN 'database' THEN format('ALTER DATABASE %I RESET %I;', current_database(), s.name)" \
	" WHEN 'user' THEN format('ALTER ROLE %I RESET %I;', session_user, s.name)" \
	" WHEN 'database user' THEN" \
	" format('ALTER ROLE %I IN DATABASE %I RESET %I;', session_user, current_database(), s.name)" \
	" WHEN 'global' THEN format('ALTER ROLE ALL RESET %I;', s.name) END AS statement) o" \
	" WHERE CASE WHEN $1::boolean THEN s.name = 'track_counts' AND s.setting = 'off'" \
	" ELSE s.name = 'default_transaction_read_only' AND s.setting = 'on'" \
	" OR s.name = 'session_replication_role' AND s.setting <> 'origin' END ORDER BY s.name"

/* The effect of a setting. */
static const char *
effect_of(const char *name)
{
	if (strcmp(name, "session_replication_role") == 0)
		return "triggers would not run, and foreign keys would not be checked";
	if (strcmp(name, "track_counts") == 0)
		return "deleted rows could not be counted";
	return "nothing can be changed";
}

static void
report_setting(const struct pipeline_command *found, int line)
{
	const char *name = pipeline_text(found, line, NAME);
	const char *statement = pipeline_value(found, line, STATEMENT);

	report_error("%s is \"%s\": %s", name, pipeline_text(found, line, SETTING), effect_of(name));
	report_detail("Nothing was changed.");
	if (statement) {
		char	   *shown = printable_sql(statement);

		report_hint("To reset it%s, run: %s", pipeline_bool(found, line, AS_SUPERUSER) ? " as a superuser" : "",
					shown);
		mem_free(shown);
	} else if (strcmp(pipeline_text(found, line, SOURCE), "client") == 0)
		report_hint("Remove it from PGOPTIONS, and from \"options\" in the connection string.");
	else
		report_hint("Reset it in the server's configuration.");
}

/* Report each unsuitable setting: track_counts, or all others. */
static bool
check_settings(struct session *session, bool counts)
{
	struct pipeline pipeline = {0};
	bool		good;

	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, FIND_SETTINGS, 1, counts ? "true" : "false");
	good = session_query(session, &pipeline, "read the settings");
	for (int i = 0; good && i < pipeline_row_count(&pipeline.commands[1]); i++)
		report_setting(&pipeline.commands[1], i);
	good = good && pipeline_row_count(&pipeline.commands[1]) == 0;
	pipeline_clear(&pipeline);
	return good;
}

bool
settings_check(struct session *session)
{
	return check_settings(session, false);
}

bool
settings_check_counts(struct session *session)
{
	return check_settings(session, true);
}
