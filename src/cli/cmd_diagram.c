/* diagram: the schema of a version of this build as a picture, or what has changed between two. */
#include <stdio.h>

#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "history/history.h"
#include "pg/session.h"
#include "schema/catalog.h"
#include "schema/diagram.h"
#include "shadow/shadow.h"

#include "base/banned.h"

/* The versions that are asked for; `before` is -1 where it is only one. */
struct diagram_range {
	int			before;
	int			version;
};

static bool
parse_range(const struct options *options, struct diagram_range *range)
{
	int			first = options->count > 0 ? options_known_number(options->arguments[0]) : history.latest;
	int			last = options->count > 1 ? options_known_number(options->arguments[1]) : first;

	*range = (struct diagram_range) {.before = options->count > 1 ? first : -1,.version = last};
	if (first < 0 || last < 0)
		return false;
	if (range->before != last)
		return true;
	report_error("nothing changes from version %d to itself", last);
	report_hint("Give one version for its schema, or two for what changes between them.");
	return false;
}

static bool
read_version(struct shadow *shadow, int version, struct catalog *catalog)
{
	return shadow_build(shadow, version) && catalog_read(&shadow->session, catalog, shadow->owner);
}

/* A scratch database only goes up. */
static bool
read_range(struct shadow *shadow, const struct diagram_range *range, struct catalog *before, struct catalog *catalog)
{
	if (range->before < range->version)
		return (range->before < 0 || read_version(shadow, range->before, before))
			&& read_version(shadow, range->version, catalog);
	return read_version(shadow, range->version, catalog) && read_version(shadow, range->before, before);
}

static void
print(const struct diagram_range *range, const struct catalog *before, const struct catalog *catalog)
{
	char	   *title = range->before < 0 ? mem_format("%s, schema version %d", history.database, range->version)
		: mem_format("%s, from schema version %d to %d", history.database, range->before, range->version);

	diagram_write(stdout, title, range->before < 0 ? NULL : before, catalog);
	mem_free(title);
}

/* Nothing of the archive's is needed: where there is another server to work on, its own is left alone. */
static struct session_options
server_options(const struct options *options)
{
	struct session_options session = options->session;

	if (options->shadow)
		session.target = (struct connection_target) {.dbname = options->shadow,.default_dbname = "postgres",
			.no_password = options->session.target.no_password
		};
	return session;
}

int
cmd_diagram(const struct options *options)
{
	struct session_options place = server_options(options);
	struct session session = {0};
	struct shadow shadow = {0};
	struct catalog before = {0};
	struct catalog catalog = {0};
	struct diagram_range range;
	bool		done;

	if (!parse_range(options, &range))
		return STATUS_UNKNOWN;
	signals_init();
	done = session_open_or_report(&session, &place) && shadow_open(&shadow, &session, NULL)
		&& read_range(&shadow, &range, &before, &catalog);
	shadow_close(&shadow);
	session_close(&session);
	if (done)
		print(&range, &before, &catalog);
	catalog_clear(&before);
	catalog_clear(&catalog);
	return done ? STATUS_OK : signals_stop() ? STATUS_FAILED : STATUS_UNKNOWN;
}
