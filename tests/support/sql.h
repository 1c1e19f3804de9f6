/*
 * sql.h - the tests' own connections and queries; an error fails the test with the server's message.
 *
 * The statements here are written in the tests, so there are no parameters to quote.
 */
#ifndef SQL_H
#define SQL_H

#include <libpq-fe.h>

/* sql_connect - connect, with notices silenced; end it with PQfinish. */
PGconn	   *sql_connect(const char *conninfo);

/* sql_exec - run one or more statements. */
void		sql_exec(PGconn *connection, const char *sql);

/*
 * sql_lines - the rows of a query, each a line that ends with \n, its columns separated by |, null as nothing.
 *
 * The caller frees it.
 */
char	   *sql_lines(PGconn *connection, const char *sql);

/* sql_value - the one value of a query, null as nothing; any other number of rows fails the test. */
char	   *sql_value(PGconn *connection, const char *sql);

/* sql_expect - sql_value must return this. */
void		sql_expect(PGconn *connection, const char *sql, const char *expected);

/* sql_await - ask again and again until the query's lines are this one value; after a deadline the test fails. */
void		sql_await(PGconn *connection, const char *sql, const char *expected);

/* sql_file - the text of a file; the caller frees it. */
char	   *sql_file(const char *path);

/* sql_section - the text of one section of a migration, "up" or "down"; the caller frees it. */
char	   *sql_section(const char *path, const char *section);

#endif
