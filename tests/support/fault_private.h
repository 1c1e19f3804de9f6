/*
 * fault_private.h - what fault.c (the campaign) and fault_truth.c (what must be true) share. For nobody else.
 */
#ifndef FAULT_PRIVATE_H
#define FAULT_PRIVATE_H

#include <libpq-fe.h>

#include "support/fault.h"
#include "support/lines.h"
#include "support/process.h"

#define FAULT_TEMPLATE "before"
#define FAULT_DATABASE "fitsdata"

/* Where a database stands. */
struct fault_place {
	int			version;		/* -1: none yet */
	bool		half_way;
	int			done;			/* so many statements of the next step are done and on record */
	bool		within;			/* and a part of the next one's rows */
};

/* What must be true of a scenario's database. */
struct fault_truth {
	const struct fault_scenario *scenario;
	struct lines schema;		/* in the end */
	struct lines rows;
	PGconn	   *connection;		/* the superuser's; NULL while there is none */
	int			version;		/* for which `now` holds; -2: none */
	struct lines now;			/* the schema as it was when the database came to that version */
};

/* fault_truth_init - make the database that the tries are given copies of. */
void		fault_truth_init(struct fault_truth *truth, const struct fault_scenario *scenario);

/* fault_truth_disconnect - close its connection, for the next look to make a new one. */
void		fault_truth_disconnect(struct fault_truth *truth);

/* fault_truth_restore - a new copy of it. */
void		fault_truth_restore(struct fault_truth *truth);

/* fault_truth_place - where the database stands, once no session of the program's is left. */
struct fault_place fault_truth_place(struct fault_truth *truth);

/*
 * fault_truth_expect - a try that began at `from` has ended, and the database stands at `to`: is what it has said so,
 * and what status says? `killed`: it was not left to say all.
 */
void		fault_truth_expect(struct fault_truth *truth, const struct fault_place *from, const struct fault_place *to,
							   const struct process *process, bool killed);

/* fault_truth_expect_end - is all as it should be where the command has ended well? */
void		fault_truth_expect_end(struct fault_truth *truth);

#endif
