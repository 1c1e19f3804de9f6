/*
 * fault.h - runs a command with a fault at each of its messages, and checks the state afterwards.
 */
#ifndef FAULT_H
#define FAULT_H

#include <check.h>
#include <stdbool.h>

#include "support/process.h"

/* The fault. */
enum fault_kind {
	FAULT_CUT,					/* the connection is cut */
	FAULT_KILL,					/* the client is killed */
	FAULT_STOP,					/* the server crashes, and is started again */
	FAULT_KINDS
};

/* fault_names - the names of the kinds. */
extern const char *const fault_names[FAULT_KINDS];

/* fault_strike - cause the fault: end the process, or the main server, which is started again. */
void		fault_strike(enum fault_kind kind, const struct process *process);

/* The command that has the faults. */
struct fault_scenario {
	const char *name;
	const char *arguments[4];	/* the command */
	int			before;			/* the database's version; -1: empty */
	int			after;			/* and the command's target version */
	bool		rows;			/* there are rows in it */
};

struct fault_counts {
	int			tried;
	int			held;
};

/* fault_print - print the numbers of points for each kind. */
void		fault_print(const char *name, int messages, const struct fault_counts *counts);

/* fault_suite - a new suite that runs the test once for each kind, after `setup` and before `end`. */
Suite	   *fault_suite(const char *name, void (*setup) (void), void (*end) (void), const TTest *test);

/*
 * fault_prepare - make the scenario's database, and run the command once to count its messages. One scenario per
 * process. Fails the test if the command fails.
 */
void		fault_prepare(const struct fault_scenario *scenario);

/* fault_messages - the number of these messages, in both directions. */
int			fault_messages(void);

/*
 * fault_campaign - cause the fault at one in `share` of the command's messages, in either direction, each once. A
 * server is crashed at a tenth of these and at those of every COMMIT.
 *
 * The same database is used again and again: until a commit, the next try is the same command run again on the result
 * of the last one. After each try status must be correct, the output of the command must be true, and at the same
 * version nothing may have changed. After a success the schema, the rows and the log must be right, nothing may be left
 * over, and a new database takes its place.
 *
 * Fails the test at the first violation.
 */
void		fault_campaign(enum fault_kind kind, int share, struct fault_counts *counts);

#endif
