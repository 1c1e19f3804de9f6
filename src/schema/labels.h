/*
 * labels.h - the values of enums that a downgrade leaves behind, as PostgreSQL cannot drop them.
 */
#ifndef LABELS_H
#define LABELS_H

#include "pg/session.h"

/*
 * labels_report - say in one line which values enums in schema public have that no migration up to `version` gives
 * them; nothing, where there are none or this build does not have that version. They do no harm, so a failure is only
 * passed over.
 */
void		labels_report(struct session *session, int version);

#endif
