#include "refusal.h"

#include <stddef.h>
#include <string.h>

#include "banned.h"

/* The first that is found counts. */
static const struct {
	const char *said;
	const char *words;
}			refusals[] = {
	/* 57P03: cannot_connect_now */
	{"the database system is starting up", "the server is starting up"},
	{"the database system is not yet accepting connections", "the server is starting up"},
	{"the database system is in recovery mode", "the server is starting up again after a crash"},
	{"the database system is shutting down", "the server is shutting down"},
	{"the database system is ", "the server lets nobody in"},
	/* 53300: too_many_connections, and PgBouncer's own */
	{"remaining connection slots are reserved", "the server is out of connections"},
	{"sorry, too many clients already", "the server is out of connections"},
	{"too many connections for ", "all connections that are allowed are taken"},
	{"no more connections allowed", "all connections that are allowed are taken"},
};

const char *
refusal_words(const char *message)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (strstr(message, refusals[i].said))
			return refusals[i].words;
	return NULL;
}
