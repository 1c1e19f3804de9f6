#include "report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "banned.h"

static enum report_level level = REPORT_NORMAL;
static bool colored = false;

void
report_init(enum report_level wanted, bool color)
{
	level = wanted;
	colored = color && isatty(STDERR_FILENO);
}

static void __attribute__((format(printf, 3, 0)))
say(const char *label, const char *color, const char *format, va_list args)
{
	/* Results that were printed before this message should be seen before it. */
	fflush(stdout);
	flockfile(stderr);
	fputs(PROGRAM ": ", stderr);
	if (label && colored)
		fprintf(stderr, "\033[%sm%s:\033[0m ", color, label);
	else if (label)
		fprintf(stderr, "%s: ", label);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	funlockfile(stderr);
}

void
report_error(const char *format,...)
{
	va_list		args;

	va_start(args, format);
	say("error", "01;31", format, args);
	va_end(args);
}

void
report_warning(const char *format,...)
{
	va_list		args;

	va_start(args, format);
	say("warning", "01;35", format, args);
	va_end(args);
}

void
report_detail(const char *format,...)
{
	va_list		args;

	va_start(args, format);
	say("detail", "01;36", format, args);
	va_end(args);
}

void
report_hint(const char *format,...)
{
	va_list		args;

	va_start(args, format);
	say("hint", "01;36", format, args);
	va_end(args);
}

void
report_note(const char *format,...)
{
	va_list		args;

	if (level == REPORT_QUIET)
		return;
	va_start(args, format);
	say(NULL, NULL, format, args);
	va_end(args);
}

void
report_verbose(const char *format,...)
{
	va_list		args;

	if (level != REPORT_VERBOSE)
		return;
	va_start(args, format);
	say(NULL, NULL, format, args);
	va_end(args);
}

void
report_line(const char *format,...)
{
	va_list		args;

	if (level == REPORT_QUIET)
		return;
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

bool
report_finish(void)
{
	bool		failed = fflush(stdout) != 0;

	if (!failed && !ferror(stdout))
		return true;
	report_error("could not write to standard output: %s", failed ? strerror(errno) : "an earlier write failed");
	return false;
}
