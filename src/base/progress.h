/*
 * progress.h - show the progress of a long operation: as a bar on a terminal, otherwise as a line every ten seconds.
 *
 * It knows nothing of connections. It prints through report.h, and --quiet suppresses it.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress_state {
	const char *title;			/* for the line, for example: migration 38 "backfill_datafile_timestamp" */
	const char *unit;			/* "rows"; NULL: nothing is counted, only the title is shown */
	double		done;			/* units done since the start */
	double		total;			/* units to do, estimated; 0: unknown */
	double		seconds;		/* since the start */
	double		before;			/* units that an earlier, interrupted run had done */
};

/*
 * progress_text - the state as one line without line end, in a new string. With `width` > 0: with a bar, in less than
 * `width` characters if the words allow; with `width` 0: in words only.
 */
char	   *progress_text(const struct progress_state *state, int width);

/* progress_percent - `done` of `total` in percent, at most 99, because totals are estimates; -1: unknown. */
int			progress_percent(double done, double total);

/* progress_left - estimated seconds left if `done` of `total` units took `seconds`; -1: unknown. */
double		progress_left(double done, double total, double seconds);

/* progress_duration - "45 s", "12 min", "3 h 20 min", in a new string. */
char	   *progress_duration(double seconds);

/* An operation in progress. Zero is none. */
struct progress {
	struct progress_state state;
	long		began;			/* clock_milliseconds */
	long		shown;			/* when it was last shown; at first, when it began */
};

/* progress_start - begin; `title` and `unit` are borrowed until progress_end. Prints nothing yet. */
void		progress_start(struct progress *progress, const char *title, const char *unit, double total);

/* progress_show - set the progress, and print it if it is time to. Returns the seconds since progress_start. */
double		progress_show(struct progress *progress, double done, double total);

/* progress_end - remove the bar. */
void		progress_end(struct progress *progress);

#endif
