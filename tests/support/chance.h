/*
 * chance.h - numbers that are drawn by chance, the same ones on every machine for the same seed.
 */
#ifndef CHANCE_H
#define CHANCE_H

/* chance_draw - a number from 0 to below `below`; *state, at first the seed, is where the next one comes from. */
unsigned	chance_draw(unsigned *state, unsigned below);

#endif
