/*
 * connect_hint.h - why there is no connection, and what to do. Pure.
 */
#ifndef CONNECT_HINT_H
#define CONNECT_HINT_H

/*
 * connect_hint_words - "the server is starting up", from libpq's message about a connection that has failed; NULL
 * where it is none of what passes by itself. By the server's English words: libpq does not tell a failed connection's
 * SQLSTATE.
 */
const char *connect_hint_words(const char *message);

/* connect_hint - what to do about that message, as a hint; NULL where it says all there is. */
const char *connect_hint(const char *message);

#endif
