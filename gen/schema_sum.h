/*
 * schema_sum.h - the checksums in SCHEMA, which tell of lines that were edited, removed or merged by hand. Pure.
 *
 * Each version ends with a line "checksum SHA-256": of its lines from "version" on, and of the checksum of the version
 * before. So a new migration adds lines and changes none, but one that gets another number, or another predecessor, has
 * to be measured again.
 */
#ifndef SCHEMA_SUM_H
#define SCHEMA_SUM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sha256.h"
#include "schema/fact_history.h"

/*
 * schema_sum - set `sum` to that of the `length` bytes of a version. `before` is that of the version before, or ""; it
 * may be the same storage as `sum`.
 */
void		schema_sum(const char *before, const char *text, size_t length, char sum[SHA256_SIZE]);

/*
 * schema_sum_wrong - the first version whose lines in `text`, from which `facts` were parsed, do not have its checksum.
 * `complete`: nor may one be missing. version_count: all are right.
 */
int			schema_sum_wrong(const struct fact_history *facts, const char *text, bool complete);

#endif
