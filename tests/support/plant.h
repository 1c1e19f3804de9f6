/*
 * plant.h - objects that a role which may create objects can plant: they record each call.
 *
 * A function like each of the system's that it can be made like; operators between the types of catalogs; aggregates;
 * domains and views with the names of the system's types and catalogs. Calls are recorded in evil.caught.
 */
#ifndef PLANT_H
#define PLANT_H

#include <libpq-fe.h>

/*
 * plant_trap - create the role "evil", who may create objects in the database and in schema public, his own schema
 * "evil", and evil.note(text), which records its caller.
 */
void		plant_trap(const char *database);

/* plant_all - plant_trap, and all other objects, in both schemas. */
void		plant_all(const char *database);

/* plant_caught - the recorded calls, as lines to be freed. plant_expect_none - there must be none. */
char	   *plant_caught(const char *database);
void		plant_expect_none(const char *database);

/* plant_forget - delete the recorded calls. */
void		plant_forget(const char *database);

/* plant_works - call some of it as a superuser: it must be recorded. Then plant_forget. */
void		plant_works(const char *database);

#endif
