/*
 * status_report.h - the state of a database compared with this build: the verdict of "status" and its notes.
 *
 * It does not print: see status_print.h.
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

/* The verdict follows from these. */
struct status_report_facts {
	int			version;
	int			latest;
	bool		incomplete;		/* a migration is incomplete */
	bool		running;		/* a run of this program is working on that migration */
	bool		mismatch;		/* the SQL applied is not the SQL in this build */
	bool		asked;			/* the next member counts: --at-least is given */
	int			at_least;		/* the version that the software needs */
};

/* status_report_verdict_of - the most severe verdict that applies. A version that is too low for the software is one. */
enum status_report_verdict status_report_verdict_of(const struct status_report_facts *facts);

/* status_report_suffices - was asked for a version that the database has, with nothing wrong? */
bool		status_report_suffices(const struct status_report_facts *facts);

/* status_report_text - "current", "behind", "ahead", "incomplete", "checksum mismatch": for people. */
const char *status_report_text(enum status_report_verdict verdict);

/* status_report_keyword - "current", "behind", "ahead", "half-way", "differs": for programs (docs/status.md). */
const char *status_report_keyword(enum status_report_verdict verdict);

/* status_report_exit_status - the exit status of the verdict. */
int			status_report_exit_status(enum status_report_verdict verdict);

#define STATUS_REPORT_MOST_NOTES 7

struct status_report {
	struct database database;
	struct status_report_facts facts;
	enum status_report_verdict verdict;
	bool		sufficient;		/* all is well for the software, whatever this build has */
	bool		beyond;			/* not sufficient, and this build does not have the version, complete or not */
	struct stored_downs downs;	/* if beyond: the downs that would revert those versions */
	char	   *runner;			/* the session that is running the incomplete migration, or NULL */
	struct batch_estimate estimate;	/* progress of the incomplete migration */
	size_t		note_count;
	char	   *notes[STATUS_REPORT_MOST_NOTES];
};

/*
 * status_report_judge - find the verdict and the notes for report->database, which has been read. Queries the server
 * only if the database is neither current nor sufficient for `at_least` (-1: not asked). If such a query fails, the
 * notes say what is unknown.
 */
void		status_report_judge(struct status_report *report, int at_least);

/* status_report_clear - free everything but report->database, which belongs to the caller. */
void		status_report_clear(struct status_report *report);

#endif
