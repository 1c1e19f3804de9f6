/*
 * copy.h - a scratch database with the structure that the archive's database has now, and none of its rows.
 *
 * What is there, not what a build's migrations would make: so it is right for versions that this build does not have,
 * for what stopped half-way, and for what somebody has changed by hand. It is for statements to be tried in: what
 * cannot be copied (it needs another schema, an extension that is not at hand, a function of somebody who is not
 * trusted; a materialized view) is left out, and whoever tries a statement that needs it finds it missing.
 */
#ifndef COPY_H
#define COPY_H

#include <stdbool.h>

#include "pg/session.h"
#include "shadow/shadow.h"

/*
 * copy_schema - make in the empty `shadow` what there is in schema public of `session`. False, and not reported, when
 * that could not be done; *why, where it is not NULL then, says why, and is to be freed.
 */
bool		copy_schema(struct shadow *shadow, struct session *session, char **why);

#endif
