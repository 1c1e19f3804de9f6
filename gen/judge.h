/*
 * judge.h - lint at build time: judge what SCHEMA records of the migrations' statements. plan/lint.h has the rules.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdbool.h>

#include "base/arena.h"
#include "errors.h"
#include "folder.h"
#include "parse.h"
#include "schema/fact_history.h"

/*
 * judge_migrations - judge each migration in `result` that is not sealed: its up, on all servers on which its effects
 * were measured, and its down.
 *
 * The effects in `facts` belong to these migrations. Adds an error, and returns false, for each rule that a statement
 * breaks without permission, on any of the servers, and for each permission that is needed on none of them.
 */
bool		judge_migrations(struct arena *arena, struct errors *errors, const struct folder *folder,
							 const struct fact_history *facts, const struct parse_result *result);

#endif
