/*
 * refusal.h - why a server that is there lets nobody in for now, in words. Pure.
 */
#ifndef REFUSAL_H
#define REFUSAL_H

/*
 * refusal_words - "the server is starting up", from libpq's message about a connection that has failed; NULL where it
 * is none of what passes by itself. By the server's English words: libpq does not tell a failed connection's SQLSTATE.
 */
const char *refusal_words(const char *message);

#endif
