/*
 * facts.h - a schema as lines of text: read from the facts' CSV files, or from a database's catalogs.
 *
 * The order of columns and of enum labels is left out: it is not normative. An object that the facts do not describe,
 * such as a view, an invalid index or one of another owner than fitsdata, is a line that begins with "odd", so that it
 * is a difference.
 */
#ifndef FACTS_H
#define FACTS_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "support/lines.h"

/* facts_load - the facts of a version: "v000" or "v037"; sorted, to be cleared by the caller. */
void		facts_load(const char *version, struct lines *lines);

/* facts_read - the facts of schema public in this database, without the version table. */
void		facts_read(PGconn *connection, struct lines *lines);

/* facts_expect - the database must be as the lines say. */
void		facts_expect(PGconn *connection, const struct lines *expected);

/*
 * facts_expect_reverted - as facts_expect, except for the rests of a downgrade: the enum labels of version 37, and two
 * columns that may be null: userprogram.program_id and programpublication.prog_id.
 */
void		facts_expect_reverted(PGconn *connection, const struct lines *expected);

/* facts_expect_version - facts_expect with facts_load's lines. */
void		facts_expect_version(PGconn *connection, const char *version);

#endif
