/*
 * report.h - what the program says: messages to stderr, results to stdout.
 *
 * Messages follow PostgreSQL's client programs: "fitsdb-schema: error: ...", then detail and hint. The primary line
 * starts without a capital and ends without a full stop; details and hints are sentences. Whoever detects a fault
 * reports it, once; callers only pass the failure on.
 *
 * Each text goes through printable(): it is one line, whatever names are in it, and moves no cursor. Only report_block,
 * report_sql and report_detail_lines print several lines.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

#define PROGRAM "fitsdb-schema"

enum report_level {
	REPORT_QUIET,				/* errors and warnings only */
	REPORT_NORMAL,
	REPORT_VERBOSE				/* and what the server remarks, and what was decided */
};

/* report_init - how much to say, and whether colour is allowed (it is used on a terminal only). */
void		report_init(enum report_level level, bool color);

/* report_mute - say nothing at all for a while: of a look that is only one of many. */
void		report_mute(bool mute);

/* report_hold - keep messages to stderr back, until report_release: then they are said, or dropped. */
void		report_hold(void);
void		report_release(bool say);

void		report_error(const char *format,...) __attribute__((format(printf, 1, 2)));
void		report_warning(const char *format,...) __attribute__((format(printf, 1, 2)));
void		report_detail(const char *format,...) __attribute__((format(printf, 1, 2)));
void		report_hint(const char *format,...) __attribute__((format(printf, 1, 2)));

/* report_last_error - the last error, also one that was muted; NULL: there was none. Valid until the next one. */
const char *report_last_error(void);

/* report_note - a message that --quiet suppresses. */
void		report_note(const char *format,...) __attribute__((format(printf, 1, 2)));

/* report_verbose - a message that only --verbose shows. */
void		report_verbose(const char *format,...) __attribute__((format(printf, 1, 2)));

/* report_detail_lines - a text of the server as a detail: as many lines as it has, the later ones indented. */
void		report_detail_lines(const char *text);

/* report_line - a result for people, to stdout at once, that --quiet suppresses. */
void		report_line(const char *format,...) __attribute__((format(printf, 1, 2)));

/* report_block - the same of lines that are complete, as text_write makes them. */
void		report_block(const char *lines);

/* report_sql - the same of SQL to be copied by hand: see printable_sql. */
void		report_sql(const char *sql);

/*
 * report_wrapped - report_line in several lines: where results go to a terminal, in lines of its width that do
 * not end in the middle of a word; the first is indented by so many columns, the others by two more.
 */
void		report_wrapped(int indent, const char *format,...) __attribute__((format(printf, 2, 3)));

/*
 * report_terminal_width - how many columns messages have where they go to a terminal that can take a line back; 0 where
 * they do not, or none are wanted.
 */
int			report_terminal_width(void);

/*
 * report_result_width - how many columns results have where they go to a terminal; 0 where they do not.
 * report_result_color - may they be in colour there?
 */
int			report_result_width(void);
bool		report_result_color(void);

/*
 * report_fit - a text in a new string, made up to `usual` columns with spaces; cut on a terminal that has less room
 * beside `taken` others.
 */
char	   *report_fit(const char *text, int usual, int taken);

/*
 * report_transient - show a line on that terminal, which the next message or result takes the place of; NULL: take it
 * away.
 */
void		report_transient(const char *text);

/*
 * report_finish - flush stdout, and forget the last error. False, and reported, when anything written to stdout was
 * lost: then no success may be claimed.
 */
bool		report_finish(void);

#endif
