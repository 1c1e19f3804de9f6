/* facts_create.h - make the schema that the facts' CSV files describe. */
#ifndef FACTS_CREATE_H
#define FACTS_CREATE_H

#include <libpq-fe.h>

/* facts_create - create the objects of a version ("v054") in an empty database. */
void		facts_create(PGconn *connection, const char *version);

#endif
