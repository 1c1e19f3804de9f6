/*
 * snapshot.h - the script that creates the schema of one version, and the two lines that say of which.
 *
 *   -- version: 37
 *   -- history: (64 hexadecimal digits: the chained checksum of the migrations up to that version)
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <stdbool.h>

#include "source.h"
#include "whole.h"

struct snapshot_header {
	int			version;
	char		history[65];
	unsigned	version_line;	/* 0 where it is missing */
	unsigned	history_line;
};

/* snapshot_read_header - what the comments at the top say. Complains, and returns false, where they do not. */
bool		snapshot_read_header(const struct input *input, struct snapshot_header *header);

/* snapshot_check - is it made from this history? Complains, and returns false, where not. */
bool		snapshot_check(const struct input *input, const struct snapshot_header *header,
						   const struct whole *whole);

#endif
