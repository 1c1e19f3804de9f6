/* Facts about relations: tables, columns, indexes, constraints, sequences, views and what belongs to them. */
#include "schema/live_private.h"

#include "base/banned.h"

const struct live_part live_relations = {0};
