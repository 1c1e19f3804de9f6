/*
 * status_report.h - how a database stands to this build, as "status" has found it out; for whichever way it is said.
 */
#ifndef STATUS_REPORT_H
#define STATUS_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "record/batch_estimate.h"
#include "record/database.h"
#include "record/stored_downs.h"

enum status_report_verdict {
	STATUS_REPORT_CURRENT,
	STATUS_REPORT_BEHIND,
	STATUS_REPORT_AHEAD,
	STATUS_REPORT_INCOMPLETE,
	STATUS_REPORT_MISMATCH
};

/* What it is judged by. */
struct status_report_facts {
	int			version;
	int			latest;
	bool		incomplete;		/* a migration stopped half-way */
	bool		running;		/* but a run of this program is at work on it */
	bool		differs;		/* the applied text is another than this build's */
};

/* status_report_verdict_of - the gravest that is true. */
enum status_report_verdict status_report_verdict_of(const struct status_report_facts *facts);

/* status_report_word - "current", "behind", "ahead", "half-way", "differs". */
const char *status_report_word(enum status_report_verdict verdict);

/* status_report_exit_status - the exit status that says it. */
int			status_report_exit_status(enum status_report_verdict verdict);

#define STATUS_REPORT_MOST_NOTES 7

struct status_report {
	struct database database;
	struct status_report_facts facts;
	enum status_report_verdict verdict;
	bool		beyond;			/* the database has, or has begun, what this build does not know */
	struct stored_downs downs;	/* then: can this build take it back? */
	char	   *runner;			/* the run that is working on the incomplete migration; NULL: none */
	struct batch_estimate estimate;	/* and how far that has got */
	size_t		note_count;
	char	   *notes[STATUS_REPORT_MOST_NOTES];
};

/* status_report_judge - judge the state that finding->database has read. Asks the server only where all is not well. */
void		status_report_judge(struct status_report *report);

/* status_report_clear - all but finding->database, which is the caller's. */
void		status_report_clear(struct status_report *report);

#endif
