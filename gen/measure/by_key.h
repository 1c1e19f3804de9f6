/*
 * by_key.h - statements that change single rows: those with keys that they list. Pure.
 */
#ifndef MEASURE_BY_KEY_H
#define MEASURE_BY_KEY_H

#include <stdbool.h>

#include "measure/probe.h"

/*
 * by_key_changes - is the statement an UPDATE or DELETE of this table whose WHERE compares each column of a unique
 * index with constants: "WHERE id = 1 AND ...", "WHERE id IN (1, 2)"? Then it changes no more rows than it lists. A
 * form that is not recognized is none.
 */
bool		by_key_changes(const char *sql, const struct probe *probe, unsigned table);

#endif
