/*
 * connect_hint.h - explain a failed connection by libpq's message, and suggest what to do. Pure.
 */
#ifndef CONNECT_HINT_H
#define CONNECT_HINT_H

/*
 * connect_hint_words - the cause, such as "the server is starting up", of a failure that ends by itself; NULL for other
 * failures. It goes by the server's English message, because libpq does not return the SQLSTATE of a failed connection.
 */
const char *connect_hint_words(const char *message);

/* connect_hint - what to do about the failure, a new string of a sentence or two; NULL if the message needs no hint. */
char	   *connect_hint(const char *message);

#endif
