/*
 * settings.h - refuse to change anything under unsuitable settings of the database, the role or the server.
 *
 * Settings that only affect how a script is parsed or what it creates are not refused but overridden; see
 * session_add_script_settings.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "pg/session.h"

/*
 * settings_check - does the session allow changes (default_transaction_read_only), with triggers and foreign keys
 * enabled (session_replication_role)? False if not; reported, with the statement that resets the setting.
 */
bool		settings_check(struct session *session);

/*
 * settings_check_counts - does the server count the rows that a transaction deletes (track_counts)? Without it, data
 * loss cannot be detected. False if not; reported as above.
 */
bool		settings_check_counts(struct session *session);

#endif
