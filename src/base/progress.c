/* Show the progress of a long operation. */
#include "base/progress.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/report.h"

#include "base/banned.h"

enum {
	LINE_INTERVAL = 10000,		/* milliseconds */
	BAR_INTERVAL = 200,
	LEAST_BAR = 10,				/* characters of a bar; with less room no bar is shown */
	MOST_BAR = 40
};


double
progress_left(double done, double total, double seconds)
{
	if (done <= 0 || total <= 0 || seconds <= 0)
		return -1;
	return done < total ? (total - done) * seconds / done : 0;
}

char *
progress_duration(double seconds)
{
	/* Cap it at 100000 hours, so that it fits a long. */
	long		whole = seconds < 3.6e8 ? (long) (seconds + 0.5) : 360000000L;

	if (whole < 100)
		return mem_format("%ld s", whole);
	if (whole < 6000)
		return mem_format("%ld min", (whole + 30) / 60);
	return mem_format("%ld h %ld min", whole / 3600, whole % 3600 / 60);
}

int
progress_percent(double done, double total)
{
	double		percent = total > 0 ? done * 100 / total : -1;

	if (total > 0 && percent < 0)
		percent = 0;
	return percent < 99 ? (int) percent : 99;
}

static char *
make_bar(int percent, int width)
{
	int			full = width * percent / 100;
	char	   *bar = mem_alloc((size_t) width + 1);

	memset(bar, ' ', (size_t) width);
	memset(bar, '=', (size_t) full);
	return bar;
}

char *
progress_text(const struct progress_state *state, int width)
{
	double		done = state->before + state->done;
	double		total = state->total > 0 ? state->before + state->total : 0;
	int			percent = progress_percent(done, total);
	/* The first half second is too short for an estimate. */
	double		seconds = state->seconds < 0.5 ? 0 : state->seconds;
	double		left = progress_left(state->done, state->total, seconds);
	double		rate = seconds > 0 ? state->done / seconds : 0;
	char	   *rest = left < 0 ? NULL : progress_duration(left);
	char	   *ending = rest ? mem_format(", about %s left", rest) : mem_string("");
	char	   *words;
	char	   *bar = NULL;
	char	   *text;
	int			room;

	if (!state->unit)
		words = mem_string(state->title);
	else if (width == 0 && percent >= 0)
		words = mem_format("%s: %.0f of about %.0f %s (%d%%), %.0f %s/s%s", state->title, done,
						   total > done ? total : done, state->unit, percent, rate, state->unit, ending);
	else if (width == 0)
		words = mem_format("%s: %.0f %s, %.0f %s/s", state->title, done, state->unit, rate, state->unit);
	else
		words = mem_format("%.0f %s, %.0f/s%s", done, state->unit, rate, ending);

	room = width - (int) strlen(words) - (int) strlen("[] 99%  ") - 1;
	if (width > 0 && state->unit && percent >= 0 && room >= LEAST_BAR)
		bar = make_bar(percent, room < MOST_BAR ? room : MOST_BAR);
	text = bar ? mem_format("[%s] %2d%%  %s", bar, percent, words) : mem_string(words);
	if (width > 0 && state->unit && (int) (strlen(state->title) + strlen(": ") + strlen(text)) < width) {
		mem_free(words);
		words = text;
		text = mem_format("%s: %s", state->title, words);
	}
	if (width > 0 && strlen(text) >= (size_t) width)
		text[width - 1] = '\0';
	mem_free(bar);
	mem_free(words);
	mem_free(ending);
	mem_free(rest);
	return text;
}

void
progress_start(struct progress *progress, const char *title, const char *unit, double total)
{
	*progress = (struct progress) {.state = {.title = title,.unit = unit,.total = total},.began = clock_milliseconds()};
	progress->shown = progress->began;
}

double
progress_show(struct progress *progress, double done, double total)
{
	long		now = clock_milliseconds();
	int			width = report_terminal_width();
	char	   *text;

	progress->state.done = done;
	progress->state.total = total;
	progress->state.seconds = (double) (now - progress->began) / 1000;
	if (now - progress->shown < (width > 0 ? BAR_INTERVAL : LINE_INTERVAL))
		return progress->state.seconds;
	progress->shown = now;
	text = progress_text(&progress->state, width);
	if (width > 0)
		report_transient(text);
	else
		report_note("%s", text);
	mem_free(text);
	return progress->state.seconds;
}

void
progress_end(struct progress *progress)
{
	report_transient(NULL);
	*progress = (struct progress) {0};
}
