/* diagram: draw the schema of a version of this build, or the changes between two versions. */
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

/* The requested versions; `before` is -1 if there is only one. */
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
	report_error("the two versions are the same: %d", last);
	report_hint("Give one version to draw its schema, or two different versions to draw the changes between them.");
	return false;
}

static bool
read_version(struct shadow *shadow, int version, struct catalog *catalog)
{
	return shadow_build(shadow, version) && catalog_read(&shadow->session, catalog, shadow->owner);
}

/* A scratch database is only upgraded: the lower version is read first. */
static bool
read_range(struct shadow *shadow, const struct diagram_range *range, struct catalog *before, struct catalog *catalog)
{
	if (range->before < range->version)
		return (range->before < 0 || read_version(shadow, range->before, before))
			&& read_version(shadow, range->version, catalog);
	return read_version(shadow, range->version, catalog) && read_version(shadow, range->before, before);
}

static void
print_diagram(const struct diagram_range *range, const struct catalog *before, const struct catalog *catalog)
{
	char	   *title = range->before < 0 ? mem_format("%s, schema version %d", history.database, range->version)
		: mem_format("%s, from schema version %d to %d", history.database, range->before, range->version);

	diagram_write(stdout, title, range->before < 0 ? NULL : before, catalog);
	mem_free(title);
}

/* The database itself is not needed: with --shadow only that server is used. */
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
		print_diagram(&range, &before, &catalog);
	catalog_clear(&before);
	catalog_clear(&catalog);
	return done ? STATUS_OK : signals_stop() ? STATUS_FAILED : STATUS_UNKNOWN;
}
