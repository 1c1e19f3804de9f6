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
 * facts_downgrade - facts of version `to` become those that a downgrade from version `from` leaves in the migrated
 * lineage, by tests/facts/left_by_down.csv: a line for each object that is left, or missing, after the down of
 * `migration`, and until the down of `until` drops its table, column or type (0: to the end).
 */
void		facts_downgrade(struct lines *lines, int from, int to);

/* facts_undo_downgrade - the reverse. */
void		facts_undo_downgrade(struct lines *lines, int from, int to);

/* facts_expect_base - the database must be as after a downgrade from version `from` to 0. */
void		facts_expect_base(PGconn *connection, int from);

/* facts_expect_version - facts_expect with facts_load's lines. */
void		facts_expect_version(PGconn *connection, const char *version);

#endif
