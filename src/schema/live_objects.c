/* Facts about all objects but relations: schemas, types, functions, operators and so on. */
#include "schema/live_private.h"

#include "base/banned.h"

const struct live_part live_objects = {0};
