/*
 * person.h - what a person does for a repair: gives the values that it asks for, and restores the rows that others refer
 * to.
 */
#ifndef PERSON_H
#define PERSON_H

#include "support/adoption.h"

/* person_repair - run a command that repairs, and again with what it asks for, until it ends with 0. */
enum adoption_outcome person_repair(struct adoption *adoption, const char *const *command);

#endif
