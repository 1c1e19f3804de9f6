/*
 * latest.h - the latest version of the build, and its schema: what the migrations make of 000_base.sql on this server.
 *
 * tests/facts/v037 is the truth about version 37. Of later versions, verify compares a database with SCHEMA; here it is
 * compared with what the migrations alone make.
 */
#ifndef LATEST_H
#define LATEST_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "support/lines.h"

/* The last version that tests/facts describes. */
#define DESCRIBED 37

/* latest_number - "39": the latest version, which stays until this process ends. */
const char *latest_number(void);

/* latest_facts, latest_rows - the schema, as facts_read has it, and the rows, as rows_read; the caller clears them. */
void		latest_facts(struct lines *facts);
void		latest_rows(struct lines *rows);

/* latest_expect - the database must have this schema. */
void		latest_expect(PGconn *connection);

/*
 * latest_is_left - is a line of facts_read about an object that, by SCHEMA, the downs of versions that tests/facts does
 * not describe leave or, if the line is missing, lack?
 */
bool		latest_is_left(const char *line, bool missing);

/*
 * latest_expect_after_down - the database must be as these facts say, but for what downs of versions that tests/facts
 * does not describe leave and lack, by SCHEMA.
 */
void		latest_expect_after_down(PGconn *connection, const struct lines *expected);

/* latest_expect_base - the database must be as after a downgrade from the latest version to 0. */
void		latest_expect_base(PGconn *connection);

/* latest_expect_described - the database, which was at the latest version, must be at version 37 again. */
void		latest_expect_described(PGconn *connection);

/*
 * latest_changes - the tables and columns, as rows_expect takes them, whose rows or values the way from version `from`
 * to `to` and back may change: those that `known` lists and, of versions that tests/facts does not describe, what an up
 * drops, renames, empties or deletes from, and the columns that it names, of tables in which it updates or rewrites
 * rows. A new string.
 */
char	   *latest_changes(int from, int to, const char *known);

#endif
