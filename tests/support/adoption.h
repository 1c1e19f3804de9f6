/*
 * adoption.h - a database from the field is brought to the latest version, as a person would: upgrade, or what upgrade
 * advises if it refuses. Rows are kept, a refusal changes nothing, and the way back takes nothing that was there.
 */
#ifndef ADOPTION_H
#define ADOPTION_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "support/lines.h"

/* How a database came to the latest version. */
enum adoption_outcome {
	ADOPTION_COMPLETE,			/* the upgrade ended complete */
	ADOPTION_REPAIRED,			/* it was refused, and ended complete after a repair */
	ADOPTION_VALUE,				/* the repair needed a value that a person has to give */
	ADOPTION_ROWS,				/* rows contradicted a constraint until a person restored those of another table */
	ADOPTION_STAMPED,			/* it was refused, and ended complete after the stamp that it advised */
	ADOPTION_OUTCOMES
};

/* Zero it, then adoption_begin. */
struct adoption {
	const char *database;
	char	   *conninfo;		/* of its owner */
	PGconn	   *connection;		/* the superuser's */
	int			version;		/* before; -1: not under version control */
	struct lines rows;			/* before */
	struct lines facts;
	bool		repaired;		/* it was repaired on the way */
	char	   *original;		/* another database, which has all rows; or NULL */
};

/*
 * adoption_database - a database at a version, with rows in every table: a copy of one that is made with the first
 * call. The latest has our record, and an earlier one is sqlalchemy-migrate's.
 */
void		adoption_database(const char *name, int version);

/*
 * adoption_begin - what it is now is what must be kept. `original`: the version of the adoption_database that it was
 * made of, which has all rows; or -1. adoption_end frees it.
 */
void		adoption_begin(struct adoption *adoption, const char *database, int original);
void		adoption_end(struct adoption *adoption);

/* adoption_upgrade - bring it to the latest version, and check that it is complete. */
enum adoption_outcome adoption_upgrade(struct adoption *adoption);

/* adoption_repair - repair it at its version, and check that it is complete. */
enum adoption_outcome adoption_repair(struct adoption *adoption);

/*
 * adoption_back - downgrade it to the version that it had: it has all that it had before, but what 37 has replaced;
 * then, with `all`, to version 0.
 */
void		adoption_back(struct adoption *adoption, bool all);

/*
 * adoption_setup, adoption_report - fixtures: start the server, and print how many databases came to the latest version
 * in which way.
 *
 * adoption_name - what is tested next; adoption_count - how it has ended. Both are printed.
 */
void		adoption_setup(void);
void		adoption_report(void);
void		adoption_name(const char *what);
void		adoption_count(enum adoption_outcome outcome);

#endif
