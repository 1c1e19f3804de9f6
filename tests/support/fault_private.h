/*
 * fault_private.h - shared by fault.c (the campaign), fault_unit.c and fault_truth.c (the expected state).
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
	int			done;			/* so many statements of the next step are done and recorded */
	bool		within;			/* and a part of the next one's rows */
};

/* Whether a fault is in the unit of the reading of the schema that ends an upgrade. */
enum fault_reading {
	FAULT_NO_READING,
	FAULT_IN_READING,			/* at a command of it: it fails */
	FAULT_NEAR_READING			/* at its answers, or after it: it may have succeeded */
};

/* The expected state of a scenario's database. */
struct fault_truth {
	const struct fault_scenario *scenario;
	struct lines schema;		/* in the end */
	struct lines rows;
	PGconn	   *connection;		/* the superuser's; NULL while there is none */
	int			version;		/* for which `now` holds; -2: none */
	struct lines now;			/* the schema as it was when the database came to that version */
};

/* fault_truth_init - make the database; each try runs on a copy. */
void		fault_truth_init(struct fault_truth *truth, const struct fault_scenario *scenario);

/* fault_truth_disconnect - close its connection; the next function opens a new one. */
void		fault_truth_disconnect(struct fault_truth *truth);

/* fault_truth_restore - a new copy of it. */
void		fault_truth_restore(struct fault_truth *truth);

/* fault_truth_place - the state of the database, once no session of the program is left. */
struct fault_place fault_truth_place(struct fault_truth *truth);

/*
 * fault_truth_expect - a try has ended that began at `from`, and the database is at `to`: check its output, and that of
 * status. `killed`: its output may be incomplete.
 */
void		fault_truth_expect(struct fault_truth *truth, const struct fault_place *from, const struct fault_place *to,
							   const struct process *process, bool killed, enum fault_reading reading);

/* fault_truth_expect_end - check the database after the command has succeeded. */
void		fault_truth_expect_end(struct fault_truth *truth);

#endif
