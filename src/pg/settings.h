/*
 * settings.h - settings of the database, the role or the server with which nothing should be changed.
 *
 * Those that only change how a script is read or what it creates are not refused, but put: see session_add_script_settings.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "pg/session.h"

/*
 * settings_check - does the session allow changes (default_transaction_read_only), with triggers and foreign keys in
 * force (session_replication_role)? False, and reported with the statement that helps, where not.
 */
bool		settings_check(struct session *session);

/*
 * settings_check_counts - does the server count the rows that a transaction deletes (track_counts)? Otherwise lost data
 * cannot be noticed. False, and reported with the statement that helps, where not.
 */
bool		settings_check_counts(struct session *session);

#endif
