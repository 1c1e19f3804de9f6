/*
 * shared.h - memory that a test shares with the processes that it forks.
 */
#ifndef SHARED_H
#define SHARED_H

#include <stddef.h>

/* shared_new - so many bytes, zeroed; there until the process ends. Fails the test when there are none. */
void	   *shared_new(size_t size);

#endif
