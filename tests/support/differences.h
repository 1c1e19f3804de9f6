/*
 * differences.h - what verify has to say, as lines of text.
 *
 * "missing table ghost", "extra index gmos.ix_gmos_array_name", "changed column tapefile.size type: integer -> bigint",
 * "renamed constraint t.is_should_be: is_called", "order column gmos"; before what is only a note stands "note ".
 */
#ifndef DIFFERENCES_H
#define DIFFERENCES_H

#include <jansson.h>

#include "support/lines.h"

/* differences_read - the lines of what "verify --json" has printed; sorted, to be cleared by the caller. */
void		differences_read(const json_t *json, struct lines *lines);

/* differences_expect - these differences must be there, and no others. */
void		differences_expect(const struct lines *expected, const json_t *json);

#endif
