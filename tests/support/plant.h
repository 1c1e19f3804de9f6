/*
 * plant.h - what a role that may create objects can put in the way of others: it notes who was caught by it.
 *
 * A function like each of the system's that it can be made like; operators between the types that catalogs are made of;
 * aggregates; domains and views named like the system's types and catalogs. Who is caught is noted in evil.caught.
 */
#ifndef PLANT_H
#define PLANT_H

#include <libpq-fe.h>

/*
 * plant_trap - create the role "evil", who may create what he likes in the database and in its schema public, a schema
 * "evil" of his own, and evil.note(what), which notes who calls it.
 */
void		plant_trap(const char *database);

/* plant_all - that, and all else, into both schemas. */
void		plant_all(const char *database);

/* plant_caught - who was caught, by what: lines, to be freed. plant_expect_none - nobody was. */
char	   *plant_caught(const char *database);
void		plant_expect_none(const char *database);

/* plant_forget - forget who was caught. */
void		plant_forget(const char *database);

/* plant_works - call some of it as a superuser: it must be noted. Then it is forgotten. */
void		plant_works(const char *database);

#endif
