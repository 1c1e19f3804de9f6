/* Arguments that are versions of the schema, or releases of the software. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "cli/options.h"
#include "history/history.h"
#include "history/release.h"
#include "record/database.h"

#include "base/banned.h"

int
options_printable(const char *argument)
{
	return (int) strcspn(argument, ":@=/");
}

int
options_version_number(const char *text)
{
	const struct history_release *release = release_find(&history, text);
	char	   *end;
	char	   *versions;
	long		number = strtol(text, &end, 10);

	if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && number < INT_MAX)
		return (int) number;
	if (release)
		return release->version;
	report_error("\"%.*s\" is not a schema version", options_printable(text), text);
	versions = release_versions_text(&history);
	report_hint("Versions are numbers; this build has %s.", versions);
	mem_free(versions);
	return -1;
}

int
options_least_version(const char *text)
{
	const struct history_release *release = release_find(&history, text);

	return release ? release->first : options_version_number(text);
}

int
options_version(const struct options *options)
{
	if (options->count > 0)
		return options_version_number(options->arguments[0]);
	report_error("command \"%s\" needs a version", options->command);
	report_hint("Try \"" PROGRAM " %s --help\".", options->command);
	return -1;
}

int
options_version_or_latest(const struct options *options)
{
	return options->count > 0 ? options_version_number(options->arguments[0]) : history.latest;
}

/* -1, an error that was reported already, is passed on. */
static int
check_known(int version)
{
	if (version <= history.latest)
		return version;
	database_report_no_version(version);
	return -1;
}

int
options_known_version(const struct options *options)
{
	return check_known(options_version(options));
}

int
options_known_number(const char *text)
{
	return check_known(options_version_number(text));
}
