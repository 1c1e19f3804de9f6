/*
 * finding.h - how a database stands to this build, as "status" has found it out; for whichever way it is said.
 */
#ifndef FINDING_H
#define FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "back.h"
#include "half_way.h"
#include "verdict.h"
#include "work.h"

#define FINDING_MOST_NOTES 7

struct finding {
	struct work work;
	struct standing standing;
	enum verdict verdict;
	bool		beyond;			/* the database has, or has begun, what this build does not know */
	struct back back;			/* then: can this build take it back? */
	char	   *runner;			/* who is at work on the migration that is half-way; NULL: nobody */
	struct half_way half_way;	/* and how far that has got */
	size_t		note_count;
	char	   *notes[FINDING_MOST_NOTES];
};

/* finding_judge - judge the state that finding->work has read. Asks the server only where all is not well. */
void		finding_judge(struct finding *finding);

/* finding_clear - all but finding->work, which is the caller's. */
void		finding_clear(struct finding *finding);

#endif
