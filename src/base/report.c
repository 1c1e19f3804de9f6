/* Print messages to stderr and results to stdout. */
#include "base/report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/printable.h"
#include "base/text.h"

#include "base/banned.h"

enum {
	USUAL_WIDTH = 80,			/* if the terminal does not report it */
	LEAST_WIDTH = 40			/* results are not truncated below this width */
};

static enum report_level level = REPORT_NORMAL;
static bool colored = false;		/* messages */
static bool colored_results = false;
static FILE *held = NULL;		/* buffers the messages between report_hold and report_release */
static char *held_text;
static size_t held_length;
static bool transient = false;	/* a line on the terminal is to be removed */
static char *last_error = NULL;
static int	write_error = 0;	/* the errno of the first failure to write results */

/* Is it a terminal that supports control sequences? */
static bool
is_terminal(int fd)
{
	const char *terminal = getenv("TERM");

	return isatty(fd) && terminal && strcmp(terminal, "dumb") != 0;
}

static int
terminal_width(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : USUAL_WIDTH;
}

void
report_init(enum report_level wanted, bool color)
{
	level = wanted;
	colored = color && is_terminal(STDERR_FILENO);
	colored_results = color && is_terminal(STDOUT_FILENO);
}

void
report_hold(void)
{
	held = mem_stream_open(&held_text, &held_length);
}

/* A failed write does not stop a command; report_finish reports it. */
static void
flush_output(void)
{
	if (fflush(stdout) != 0 && write_error == 0)
		write_error = errno;
}

int
report_terminal_width(void)
{
	return level == REPORT_QUIET || held || !is_terminal(STDERR_FILENO) ? 0 : terminal_width(STDERR_FILENO);
}

int
report_result_width(void)
{
	int			width = isatty(STDOUT_FILENO) ? terminal_width(STDOUT_FILENO) : 0;

	return width > 0 && width < LEAST_WIDTH ? LEAST_WIDTH : width;
}

bool
report_result_color(void)
{
	return colored_results;
}

char *
report_fit(const char *text, int usual, int taken)
{
	int			width = report_result_width();
	char	   *shown = printable(text);
	int			columns = text_columns(shown);
	int			room = width > 0 ? width - taken : columns + usual;
	int			wanted = usual < room ? usual : room;
	char	   *fitting = columns > room ? text_cut(shown, room)
		: mem_format("%s%*s", shown, columns < wanted ? wanted - columns : 0, "");

	mem_free(shown);
	return fitting;
}

void
report_transient(const char *text)
{
	if (transient)
		fputs("\r\033[K", stderr);
	if (text) {
		char	   *shown = printable(text);

		fputs(shown, stderr);
		mem_free(shown);
	}
	transient = text != NULL;
}

/* Print one line of a message. */
static void
print_message_line(const char *label, const char *color, const char *text)
{
	FILE	   *stream = held ? held : stderr;
	char	   *shown = printable(text);

	/* Keep the order of results and messages. */
	if (!held)
		flush_output();
	flockfile(stream);
	if (!held)
		report_transient(NULL);
	fputs(PROGRAM ": ", stream);
	if (label && colored)
		fprintf(stream, "\033[%sm%s:\033[0m ", color, label);
	else if (label)
		fprintf(stream, "%s: ", label);
	fprintf(stream, "%s\n", shown);
	funlockfile(stream);
	mem_free(shown);
}

void
report_release(bool print)
{
	if (!held)
		return;
	mem_stream_close(held);
	held = NULL;
	if (print && held_length > 0) {
		flush_output();
		fputs(held_text, stderr);
	}
	mem_free(held_text);
}

static void __attribute__((format(printf, 3, 0)))
print_message(const char *label, const char *color, const char *format, va_list args)
{
	char	   *text = mem_format_list(format, args);

	print_message_line(label, color, text);
	mem_free(text);
}

void
report_error(const char *format,...)
{
	va_list		args;

	mem_free(last_error);
	va_start(args, format);
	last_error = mem_format_list(format, args);
	va_end(args);
	va_start(args, format);
	print_message("error", "01;31", format, args);
	va_end(args);
}

const char *
report_last_error(void)
{
	return last_error;
}

void
report_warning(const char *format,...)
{
	va_list		args;

	va_start(args, format);
	print_message("warning", "01;35", format, args);
	va_end(args);
}

void
report_detail(const char *format,...)
{
	va_list		args;

	va_start(args, format);
	print_message("detail", "01;36", format, args);
	va_end(args);
}

void
report_detail_lines(const char *text)
{
	char	   *masked = printable_lines(text);

	for (char *line = masked, *next; line; line = next) {
		size_t		length = strcspn(line, "\n");

		next = line[length] && line[length + 1] ? line + length + 1 : NULL;
		line[length] = '\0';
		report_detail("%s%s", line > masked ? "  " : "", line);
	}
	mem_free(masked);
}

void
report_hint(const char *format,...)
{
	va_list		args;

	va_start(args, format);
	print_message("hint", "01;36", format, args);
	va_end(args);
}

void
report_note(const char *format,...)
{
	va_list		args;

	if (level == REPORT_QUIET)
		return;
	va_start(args, format);
	print_message(NULL, NULL, format, args);
	va_end(args);
}

void
report_verbose(const char *format,...)
{
	va_list		args;

	if (level != REPORT_VERBOSE)
		return;
	va_start(args, format);
	print_message(NULL, NULL, format, args);
	va_end(args);
}

/* Print a result that is printable already. */
static void
print_result(const char *text, const char *end)
{
	if (level == REPORT_QUIET)
		return;
	report_transient(NULL);
	printf("%s%s", text, end);
	flush_output();
}

void
report_line(const char *format,...)
{
	va_list		args;
	char	   *text;
	char	   *shown;

	va_start(args, format);
	text = mem_format_list(format, args);
	va_end(args);
	shown = printable(text);
	print_result(shown, "\n");
	mem_free(shown);
	mem_free(text);
}

void
report_block(const char *lines)
{
	char	   *shown = printable_lines(lines);

	print_result(shown, "");
	mem_free(shown);
}

void
report_sql(const char *sql)
{
	char	   *shown = printable_sql(sql);

	print_result(shown, "\n");
	mem_free(shown);
}

void
report_wrapped(int indent, const char *format,...)
{
	va_list		args;
	char	   *text;
	char	   *lines;
	size_t		length;
	FILE	   *stream;

	va_start(args, format);
	text = mem_format_list(format, args);
	va_end(args);
	stream = mem_stream_open(&lines, &length);
	text_write(stream, indent, report_result_width(), text);
	mem_stream_close(stream);
	print_result(lines, "");
	mem_free(lines);
	mem_free(text);
}

bool
report_finish(void)
{
	bool		lost;

	flush_output();
	lost = ferror(stdout) != 0;
	if (lost)
		report_error("could not write to standard output: %s",
					 write_error ? strerror(write_error) : "an earlier write failed");
	mem_free(last_error);
	last_error = NULL;
	return !lost;
}
