/*
 * state_private.h - what the files that read the state share. For nobody else.
 */
#ifndef STATE_PRIVATE_H
#define STATE_PRIVATE_H

#include "state.h"

/* Why something could not be read: it is not there, it is not for us, it is no table. */
bool		state_is_missing(const struct db_error *error);
bool		state_is_forbidden(const struct db_error *error);
bool		state_is_no_table(const struct db_error *error);

/*
 * state_take_version - put what was read of migrate_version into *state; `failed` is the command that kept it from being
 * read, or NULL. False, and reported, where that makes no sense; what a stamp can set right is left to
 * state_report_fault.
 */
bool		state_take_version(struct session *session, struct state *state, const struct db_command *version,
							   const struct db_command *failed);

/* state_report_fault - is there such a fault? Then report it. */
bool		state_report_fault(struct session *session, const struct state *state);

#endif
