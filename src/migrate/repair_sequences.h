/*
 * repair_sequences.h - ask a database which sequences are behind their tables.
 */
#ifndef REPAIR_SEQUENCES_H
#define REPAIR_SEQUENCES_H

#include <stdbool.h>

#include "pg/session.h"
#include "schema/live.h"
#include "schema/repair_plan.h"

/*
 * repair_sequences - append a step for each sequence that is behind the largest value of its column. Returns false,
 * reported, if the connection is lost or a signal asks to stop.
 */
bool		repair_sequences(struct session *session, struct repair_plan *plan, const struct live *live);

#endif
