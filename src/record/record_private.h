/*
 * record_private.h - what the files that read the state share. For nobody else.
 */
#ifndef RECORD_PRIVATE_H
#define RECORD_PRIVATE_H

#include "record/record.h"

/* Why something could not be read: it is not there, it is not for us, it is no table. */
bool		record_is_missing(const struct pipeline_error *error);
bool		record_is_forbidden(const struct pipeline_error *error);
bool		record_is_no_table(const struct pipeline_error *error);

/*
 * record_version_set - put what was read of migrate_version into *state; `failed` is the command that kept it from
 * being read, or NULL. False, and reported, where that makes no sense; what a stamp can set right is left to
 * record_version_report_fault.
 */
bool		record_version_set(struct session *session, struct record *record, const struct pipeline_command *version,
							   const struct pipeline_command *failed);

/* record_version_report_fault - is there such a fault? Then report it. */
bool		record_version_report_fault(struct session *session, const struct record *record);

#endif
