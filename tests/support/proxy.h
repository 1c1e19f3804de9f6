/*
 * proxy.h - a proxy between a client and a server, which knows where each message of the protocol ends.
 *
 * A test can cause a fault exactly there: after the messages before a point have been delivered, and before the message
 * at that point is. The proxy listens on a socket in a directory of its own, and passes each connection on to the
 * server, also the later connections of a client.
 */
#ifndef PROXY_H
#define PROXY_H

#include <stdbool.h>
#include <stddef.h>

#include "support/process.h"
#include "support/server.h"

enum proxy_sender {
	PROXY_CLIENT,
	PROXY_SERVER,
	PROXY_SENDERS
};

/* Messages are counted from 1, by who sends them, over all connections since the last proxy_arm. */
struct proxy_message {
	enum proxy_sender sender;
	int			number;
	char		type;			/* 0: a client's first, which has none */
	bool		fresh;			/* a client's first since it has last waited for all that it sent */
	unsigned char *body;
	size_t		length;			/* of the body */
};

struct proxy;

/*
 * Called with each message before it is passed on; may change its type and body, or replace the body, which stays the
 * callee's. True: this is the point. Then this message and all later ones are lost, `strike` is called, and the
 * connections are closed.
 */
typedef bool proxy_look(struct proxy_message *message, void *context);
typedef void proxy_strike(void *context);

struct proxy_plan {
	proxy_look *look;
	proxy_strike *strike;		/* NULL: nothing but that the connections are closed */
	void	   *context;
	int			patience;		/* milliseconds without a message until the connections are closed; 0: no end */
};

/* proxy_open - listen in a new directory, in front of this server; to be closed. Fails the test when it cannot. */
struct proxy *proxy_open(const struct server *server);

/* proxy_conninfo - how to connect through it; the caller frees it. */
char	   *proxy_conninfo(const struct proxy *proxy, const char *role, const char *database);

/*
 * proxy_serve - carry messages until the process, which is its client, has ended; the plan strikes at most once.
 *
 * Returns whether it has. To end is up to the process: after process.h's deadline it is killed, and the test fails.
 */
bool		proxy_serve(struct proxy *proxy, struct process *process, const struct proxy_plan *plan);

/* proxy_count - how many messages the sender has sent in the last proxy_serve. */
int			proxy_count(const struct proxy *proxy, enum proxy_sender sender);

/* proxy_close - end it and remove its directory; accepts NULL. */
void		proxy_close(struct proxy *proxy);

#endif
