/*
 * record_version.h - interpret a reading of table migrate_version, and report its faults. For record.c.
 */
#ifndef RECORD_VERSION_H
#define RECORD_VERSION_H

#include <stdbool.h>

#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/record.h"

/* The reason why a table could not be read: it is missing, the role lacks the privilege, it is not a table. */
bool		record_is_missing(const struct pipeline_error *error);
bool		record_is_forbidden(const struct pipeline_error *error);
bool		record_is_no_table(const struct pipeline_error *error);

/*
 * record_version_set - store the rows of migrate_version, `version`, in *record. `failed` is the command that prevented
 * the reading, or NULL. False, and reported, if the table cannot be read or its rows are invalid. Faults that `stamp`
 * can correct are only stored in record->fault.
 */
bool		record_version_set(struct session *session, struct record *record, const struct pipeline_command *version,
							   const struct pipeline_command *failed);

/* record_version_report_fault - if record->fault is set, report it, with a hint, and return true. */
bool		record_version_report_fault(struct session *session, const struct record *record);

#endif
