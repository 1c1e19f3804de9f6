/*
 * labels.h - report the enum labels that a downgrade leaves: PostgreSQL cannot drop them.
 */
#ifndef LABELS_H
#define LABELS_H

#include "pg/session.h"

/*
 * labels_report - print a line that lists the labels of enums in schema public that no migration up to `version` adds.
 * Prints nothing if there are none, or if this build does not have that version. A failure is ignored, since such
 * labels are harmless.
 */
void		labels_report(struct session *session, int version);

#endif
