/*
 * left_behind.h - the objects of superusers for which an upgrade or a repair is refused, unless a superuser runs it
 * (migrate/privileges.h). For commands that only read.
 */
#ifndef LEFT_BEHIND_H
#define LEFT_BEHIND_H

#include <stdbool.h>

#include "pg/session.h"
#include "schema/fact_history.h"
#include "schema/live.h"

/*
 * left_behind_report - do objects of the history belong to a superuser, though the database does not? Then report it
 * and return true. False also if the login is a superuser, or --role is given.
 */
bool		left_behind_report(struct session *session, const struct live *live, const struct fact_history *facts);

#endif
