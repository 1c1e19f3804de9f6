/*
 * consent.h - the databases of the suites "consent" and "loss_guard": their migrations are in tests/histories/consent.
 */
#ifndef CONSENT_H
#define CONSENT_H

#include <stdbool.h>

#include "support/sql.h"

#define CONSENT_FOLDER "tests/histories/consent"

/* The database between consent_begin and consent_end. */
extern char *consent_conninfo;
extern PGconn *consent_connection;

/* consent_build - the fixture of both suites; the other one is build_end. */
void		consent_build(void);

/* consent_begin - make a database with the tables and rows of version 0, recorded at `version`. */
void		consent_begin(int version);

/* consent_end - close the connection, and use the executable of consent_build again. */
void		consent_end(void);

/* consent_version - the version of the migration "NNN_NAME": `name` is "NAME.sql". */
int			consent_version(const char *name);

#endif
