/*
 * report.h - print messages to stderr and results to stdout.
 *
 * Messages follow PostgreSQL's client programs: "fitsdb-schema: error: ...", then detail and hint. The primary line
 * starts without a capital and ends without a full stop; details and hints are sentences. The function that detects a
 * fault reports it, once; its callers only return the failure.
 *
 * Each text passes through printable(): it is a single line and cannot control the terminal, whatever names it
 * contains. Only report_block, report_sql and report_detail_lines print several lines.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

#define PROGRAM "fitsdb-schema"

enum report_level {
	REPORT_QUIET,				/* errors and warnings only */
	REPORT_NORMAL,
	REPORT_VERBOSE				/* also notices of the server, and decisions of the program */
};

/* report_init - set the level, and whether colours are allowed; they are used on a terminal only. */
void		report_init(enum report_level level, bool color);

/*
 * report_hold - buffer the messages to stderr until report_release, which prints or drops them. They do not nest.
 * Without report_hold, report_release does nothing.
 */
void		report_hold(void);
void		report_release(bool print);

void		report_error(const char *format,...) __attribute__((format(printf, 1, 2)));
void		report_warning(const char *format,...) __attribute__((format(printf, 1, 2)));
void		report_detail(const char *format,...) __attribute__((format(printf, 1, 2)));
void		report_hint(const char *format,...) __attribute__((format(printf, 1, 2)));

/* report_last_error - the last error, muted or not; NULL: there was none. Valid until the next error. */
const char *report_last_error(void);

/* report_note - a message that --quiet suppresses. */
void		report_note(const char *format,...) __attribute__((format(printf, 1, 2)));

/* report_verbose - a message that only --verbose shows. */
void		report_verbose(const char *format,...) __attribute__((format(printf, 1, 2)));

/* report_detail_lines - a text of several lines as details, one for each line; all but the first are indented. */
void		report_detail_lines(const char *text);

/* report_line - a line of the result for people, flushed to stdout at once; --quiet suppresses it. */
void		report_line(const char *format,...) __attribute__((format(printf, 1, 2)));

/* report_block - the same for several complete lines, as text_write makes them. */
void		report_block(const char *lines);

/* report_sql - the same for SQL to be copied by hand; see printable_sql. */
void		report_sql(const char *sql);

/*
 * report_wrapped - the same as report_line, but wrapped at word boundaries to the width of the terminal. The first line
 * is indented by `indent` columns, the others by two more.
 */
void		report_wrapped(int indent, const char *format,...) __attribute__((format(printf, 2, 3)));

/*
 * report_terminal_width - the width of the terminal that messages go to; 0: they do not go to a terminal that can erase
 * a line, or messages are suppressed.
 */
int			report_terminal_width(void);

/*
 * report_result_width - the width of the terminal that results go to; 0: they do not go to a terminal.
 * report_result_color - may results be coloured?
 */
int			report_result_width(void);
bool		report_result_color(void);

/*
 * report_fit - the text, made printable, padded with spaces to `usual` columns, in a new string. On a terminal with
 * less room than that beside `taken` other columns, it is truncated.
 */
char	   *report_fit(const char *text, int usual, int taken);

/*
 * report_transient - show a line on the terminal that the next message or result replaces; NULL: remove it.
 */
void		report_transient(const char *text);

/*
 * report_finish - flush stdout, and forget the last error. False, and reported, if output to stdout was lost; then the
 * command must not report success.
 */
bool		report_finish(void);

#endif
