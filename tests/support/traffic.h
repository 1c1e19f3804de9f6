/*
 * traffic.h - an archive at full speed: processes that send queries one after the other, and measure each.
 */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include <stddef.h>
#include <sys/types.h>

#define TRAFFIC_LIMIT 16

/* The query that one process repeats. */
struct traffic_kind {
	const char *name;
	const char *sql;			/* $1 is a random number from 1 to the range, $2 one that never comes again */
};

struct traffic {
	const struct traffic_kind *kinds;
	size_t		count;
	struct traffic_tally *tallies;	/* one for each, in memory that is shared with its process */
	pid_t		pids[TRAFFIC_LIMIT];
};

/* traffic_start - start a process for each kind; returns when each has had answers. To be ended with traffic_stop. */
void		traffic_start(struct traffic *traffic, const char *conninfo, const struct traffic_kind *kinds, size_t count,
						  int range);

/*
 * traffic_stop - end them, and print under this heading how many queries of each kind there were, and how long they
 * took on average and at most. A query that failed fails the test. Returns the longest of all, in milliseconds.
 */
double		traffic_stop(struct traffic *traffic, const char *heading);

#endif
