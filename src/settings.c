#include "settings.h"

#include <string.h>

#include "mem.h"
#include "printable.h"
#include "report.h"

#include "banned.h"

/* The columns of the query below. */
enum {
	NAME, SETTING, STATEMENT, SOURCE
};

/* The settings with which nothing should be changed, and the statement that sets each back, by what has set it. */
#define FIND_SETTINGS \
	"SELECT s.name, s.setting, CASE s.source" \
	" WHEN 'database' THEN format('ALTER DATABASE %I RESET %I;', current_database(), s.name)" \
	" WHEN 'user' THEN format('ALTER ROLE %I RESET %I;', session_user, s.name)" \
	" WHEN 'database user' THEN" \
	" format('ALTER ROLE %I IN DATABASE %I RESET %I;', session_user, current_database(), s.name)" \
	" WHEN 'global' THEN format('ALTER ROLE ALL RESET %I;', s.name) END, s.source FROM pg_settings s" \
	" WHERE s.name = 'default_transaction_read_only' AND s.setting = 'on'" \
	" OR s.name = 'session_replication_role' AND s.setting <> 'origin' ORDER BY s.name"

static void
report_setting(const struct db_command *found, int line)
{
	const char *name = db_text(found, line, NAME);
	const char *statement = db_value(found, line, STATEMENT);

	report_error("%s is \"%s\": %s", name, db_text(found, line, SETTING),
				 strcmp(name, "session_replication_role") == 0
				 ? "triggers would not run, and foreign keys would not be checked" : "nothing can be changed");
	report_detail("Nothing was changed.");
	if (statement) {
		char	   *shown = printable_sql(statement);

		report_hint("Set it back with: %s", shown);
		mem_free(shown);
	} else if (strcmp(db_text(found, line, SOURCE), "client") == 0)
		report_hint("Take it out of PGOPTIONS, and out of \"options\" in the connection string.");
	else
		report_hint("Set it back in the server's configuration.");
}

bool
settings_check(struct session *session)
{
	struct db_batch batch = {0};
	bool		good;

	session_add_own(&batch);
	db_add(&batch, FIND_SETTINGS, 0);
	good = session_query(session, &batch, "read the settings");
	for (int i = 0; good && i < db_lines(&batch.commands[1]); i++)
		report_setting(&batch.commands[1], i);
	good = good && db_lines(&batch.commands[1]) == 0;
	db_batch_clear(&batch);
	return good;
}
