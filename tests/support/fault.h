/*
 * fault.h - runs a command with a fault at each of its messages, and checks the state afterwards.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>

/* The fault. */
enum fault_kind {
	FAULT_CUT,					/* the connection is cut */
	FAULT_KILL,					/* the client is killed */
	FAULT_STOP,					/* the server crashes, and is started again */
	FAULT_KINDS
};

/* What it happens to. */
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

/*
 * fault_prepare - make the scenario's database, and run the command once to learn which messages it takes. One scenario
 * per process. Fails the test when the command does not do what it should.
 */
void		fault_prepare(const struct fault_scenario *scenario);

/* fault_messages - the number of these messages, in both directions. */
int			fault_messages(void);

/*
 * fault_campaign - strike the command at one in `share` of its messages, in either direction, each once; a server is
 * stopped at a tenth of these and at those of every COMMIT.
 *
 * The same database is struck again and again: as long as nothing was committed, the next try is the same command run
 * again on what the last one has left. After each, status must tell the truth, what the command has said must be so,
 * and where the version is the same as before nothing may have changed. Whenever the command ends well the schema, the
 * rows and the log must be as they should, with nothing left over, and a new database takes its place.
 *
 * Fails the test at the first point that does not hold.
 */
void		fault_campaign(enum fault_kind kind, int share, struct fault_counts *counts);

#endif
