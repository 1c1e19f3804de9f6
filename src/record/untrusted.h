/*
 * untrusted.h - code of other roles that a script would run with our rights: triggers, rules and policies that use
 * their functions, and what they own in schema public or have tied to our tables.
 *
 * SET ROLE is no sandbox, so such code must not run at all. A trigger has no owner in the catalogs; who may create one
 * may create it at any time. Each transaction that runs a script therefore locks the tables on which an untrusted role
 * may create triggers or foreign keys, and then fails on the server if there is anything of that kind. Trusted are the
 * roles of TRUST_ROLE (trust.h).
 */
#ifndef UNTRUSTED_H
#define UNTRUSTED_H

#include <stdbool.h>
#include <stddef.h>

#include "history/statement_list.h"
#include "pg/session.h"

/*
 * untrusted_read - look what other roles have in the database, and remember it in the session. `whole`: migrations are
 * to be run; otherwise only the version and the record are written. False, and reported, on failure.
 */
bool		untrusted_read(struct session *session, bool whole);

/* untrusted_report - has untrusted_read found code that would run? Then report it and return true. */
bool		untrusted_report(const struct session *session);

/* untrusted_any - has untrusted_read found objects of other roles at all? Otherwise no script names one. */
bool		untrusted_any(const struct session *session);

/* untrusted_named - does this SQL name an object of an untrusted role? Then report it and return true. */
bool		untrusted_named(struct session *session, const struct statement_list *list);

/* untrusted_open - on how many tables may an untrusted role create triggers or foreign keys? */
size_t		untrusted_open(const struct session *session);

/*
 * untrusted_add - append, in a transaction in which nothing of the script was run yet, the locks and the query that
 * fails if there is code that `count` statements (0: none but our own) must not meet. The search path stays as it is.
 */
void		untrusted_add(struct pipeline *pipeline, const struct session *session,
						  const struct statement_list_item *statements, size_t count);

/*
 * untrusted_add_record - the same where only the version and the record are written, and what is found elsewhere does
 * no harm; it leaves the search path for the tool's own SQL.
 */
void		untrusted_add_record(struct pipeline *pipeline, const struct session *session);

/*
 * untrusted_add_after - append that query after one of these statements, where it creates something: another role may
 * have created an object of the same name just before.
 */
void		untrusted_add_after(struct pipeline *pipeline, const struct session *session,
								const struct statement_list_item *statement, const struct statement_list *list);

/*
 * untrusted_add_alone - append the query in a transaction of its own, without the locks: before a statement that cannot
 * run in a transaction.
 */
void		untrusted_add_alone(struct pipeline *pipeline, const struct session *session,
								const struct statement_list_item *statement);

/*
 * untrusted_explain - a command has failed, and its transaction is rolled back: if by this query, put what it has found
 * in the place of the server's message.
 */
void		untrusted_explain(const struct session *session, struct pipeline_command *failed);

/*
 * untrusted_again - was it only that something has come which the transaction did not know of? Then it is read again,
 * and the transaction is worth running again, as often as a number of times.
 */
bool		untrusted_again(struct session *session, const struct pipeline_error *error);

/* untrusted_committed - a transaction is done: that number of times begins anew. */
void		untrusted_committed(struct session *session);

/* untrusted_for_script - from now on append what a printed script needs: the statement that UNTRUSTED_PREPARE makes. */
void		untrusted_for_script(struct session *session);

/* untrusted_statement - the query as a command of a printed script, a new string; NULL: the command is another one. */
char	   *untrusted_statement(struct connection *connection, const struct pipeline_command *command);

/*
 * untrusted_range - the locks and the query for a batch's range in a printed script, in text for format() within a
 * literal; a new string.
 */
char	   *untrusted_range(const struct session *session, const struct statement_list_item *statement);

/* untrusted_add_prepare - append what prepares the query for a printed script. */
void		untrusted_add_prepare(struct pipeline *pipeline);

/* untrusted_clear - forget what was read. */
void		untrusted_clear(struct session *session);

#endif
