/*
 * chance.h - numbers that are drawn by chance, the same ones on every machine for the same seed; and numbers from the
 * environment, such as that of the cases to run.
 */
#ifndef CHANCE_H
#define CHANCE_H

/* chance_draw - a number from 0 to below `below`; *state is the seed at first, and changes with each draw. */
unsigned	chance_draw(unsigned *state, unsigned below);

/* chance_setting - the number in an environment variable; `usual` if it is not set, or not a positive number. */
unsigned	chance_setting(const char *variable, unsigned usual);

#endif
