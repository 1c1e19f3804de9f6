/*
 * hijack.h - the parts of suite "hijack": tests/e2e/safety/test_hijack*.c.
 */
#ifndef HIJACK_H
#define HIJACK_H

#include <check.h>

/* hijack_table - each planted object, with each command, as a superuser and as the owner. */
TCase	   *hijack_table(void);

/* hijack_races - what is planted while a run is at work. */
TCase	   *hijack_races(void);

/* hijack_public - what other roles may create in schema public. */
TCase	   *hijack_public(void);

#endif
