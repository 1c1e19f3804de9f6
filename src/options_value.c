#include "options_value.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"
#include "options.h"

#include "banned.h"

long
options_milliseconds(const char *text)
{
	char	   *unit;
	double		number = strtod(text, &unit);
	double		factor = 1000;

	if (unit == text || !(number >= 0))
		return -1;
	if (strcmp(unit, "ms") == 0)
		factor = 1;
	else if (strcmp(unit, "min") == 0)
		factor = 60000;
	else if (unit[0] && strcmp(unit, "s") != 0)
		return -1;
	return number * factor < INT_MAX ? (long) (number * factor + 0.5) : -1;
}

bool
options_take_time(const char *name, const char *text, long unit, int *result)
{
	long		milliseconds = options_milliseconds(text);

	if (milliseconds < 0) {
		report_error("invalid value for --%s: \"%s\"", name, text);
		report_hint("Give seconds, or a number with the unit ms, s or min.");
		return false;
	}
	*result = (int) ((milliseconds + unit - 1) / unit);
	return true;
}

bool
options_take_count(const char *name, const char *text, int *result)
{
	char	   *end;
	long		number = strtol(text, &end, 10);

	if (end == text || *end || number < 0 || number > 100000) {
		report_error("invalid value for --%s: \"%s\"", name, text);
		return false;
	}
	*result = (int) number;
	return true;
}

int
options_printable(const char *argument)
{
	return (int) strcspn(argument, ":@=/");
}

int
options_version_number(const char *text)
{
	char	   *end;
	long		number = strtol(text, &end, 10);

	if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && number < INT_MAX)
		return (int) number;
	report_error("\"%.*s\" is not a schema version", options_printable(text), text);
	report_hint("Versions are numbers; this build has 0 to %d.", history.latest);
	return -1;
}

int
options_version(const struct options *options)
{
	if (options->count > 0)
		return options_version_number(options->arguments[0]);
	report_error("%s needs a version", options->command);
	report_hint("Try \"" PROGRAM " %s --help\".", options->command);
	return -1;
}

/* Does this build have it? -1 stays what it is. */
static int
check_known(int version)
{
	if (version <= history.latest)
		return version;
	report_error("there is no version %d in this build", version);
	report_hint("It has versions 0 to %d.", history.latest);
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
