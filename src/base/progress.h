/*
 * progress.h - how far something has got that takes long: a bar on a terminal, otherwise a line every ten seconds.
 *
 * It knows nothing of connections. What is printed goes through report.h, and --quiet suppresses it.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/* Where it stands. */
struct progress_state {
	const char *title;			/* for the line: migration 38 "backfill_datafile_timestamp" */
	const char *unit;			/* "rows"; NULL: nothing is counted, and the title says it all */
	double		done;
	double		total;			/* about so many; 0: not known */
	double		seconds;		/* since it was begun */
	double		before;			/* and so many were done when it was begun: the rest of what had stopped */
};

/*
 * progress_text - that as a line without its end, in a new string: with a bar, in less than `width` characters (as far
 * as the words allow), or, with `width` 0, in words.
 */
char	   *progress_text(const struct progress_state *state, int width);

/* progress_percent - so much of about so much, in percent: never all, before the end; -1: not known. */
int			progress_percent(double done, double total);

/* progress_left - seconds that are left, where `done` of `total` took so many; -1 where that cannot be told. */
double		progress_left(double done, double total, double seconds);

/* progress_duration - "45 s", "12 min", "3 h 20 min", in a new string. */
char	   *progress_duration(double seconds);

/* Something that is under way. Zero is nothing. */
struct progress {
	struct progress_state state;
	double		began;			/* seconds of the monotonic clock */
	double		shown;			/* when it was shown last */
};

/* progress_start - begin; `title` and `unit` are borrowed until progress_end. Nothing is shown yet. */
void		progress_start(struct progress *progress, const char *title, const char *unit, double total);

/* progress_show - so much is done; shown when it is time to. Returns the seconds since the beginning. */
double		progress_show(struct progress *progress, double done, double total);

/* progress_end - take the bar away. */
void		progress_end(struct progress *progress);

/* progress_clock - seconds of the monotonic clock. */
double		progress_clock(void);

#endif
