/*
 * person.h - what a person does for a repair: gives the values that it asks for, restores the rows that others refer to,
 * and stamps the database if it says so.
 */
#ifndef PERSON_H
#define PERSON_H

#include "support/adoption.h"

/* person_advised - the number after the words `advice` in a text, to be freed; NULL: the text does not have them. */
char	   *person_advised(const char *text, const char *advice);

/* person_stamp - correct the version of a database: a downgrade to it must keep the objects above it, from now on. */
void		person_stamp(struct adoption *adoption, const char *version);

/* person_repair - run a command that repairs, and again with what it asks for, until it ends with 0. */
enum adoption_outcome person_repair(struct adoption *adoption, const char *const *command);

#endif
