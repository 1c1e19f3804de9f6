/*
 * seeds.h - the inputs of the unit tests for the generator's reader, kept as seeds for the fuzzer (tests/fuzz.sh).
 */
#ifndef SEEDS_H
#define SEEDS_H

#include <stddef.h>

/* seeds_keep - if FUZZ_SEEDS names a folder, write the `length` bytes at `text` to a file there. */
void		seeds_keep(const char *text, size_t length);

#endif
