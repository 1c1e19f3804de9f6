/* A proxy that knows the protocol. */
#include "support/proxy.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

#include "base/banned.h"

enum {
	LINK_LIMIT = 8,				/* connections at once */
	CHUNK = 65536,
	ROOM_WAIT = 1000			/* milliseconds */
};

/* Data from one side that was not passed on yet. */
struct stream {
	int			from;
	int			to;
	bool		begun;			/* the client's first message, which has no type, is through */
	bool		synced;			/* its last message was Sync */
	unsigned char *bytes;
	size_t		length;
	unsigned char *queue;		/* complete messages that the receiver has had no room for */
	size_t		queued;
};

/* One connection; both sockets are -1 where there is none. */
struct link {
	struct stream streams[PROXY_SENDERS];
};

struct proxy {
	const struct server *server;
	char	   *directory;
	char	   *path;
	int			listener;
	struct link links[LINK_LIMIT];
	int			counts[PROXY_SENDERS];
	const struct proxy_plan *plan;
	bool		struck;
};

static int
open_socket(const char *path, struct sockaddr_un *address)
{
	int			fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*address = (struct sockaddr_un) {.sun_family = AF_UNIX};
	ck_assert_int_ge(fd, 0);
	ck_assert_uint_lt(strlen(path), sizeof(address->sun_path));
	memcpy(address->sun_path, path, strlen(path));
	return fd;
}

struct proxy *
proxy_open(const struct server *server)
{
	struct proxy *proxy = mem_alloc(sizeof(*proxy));
	struct sockaddr_un address;

	proxy->server = server;
	proxy->directory = mem_format("%s/proxy-XXXXXX", server->directory);
	ck_assert_ptr_nonnull(mkdtemp(proxy->directory));
	proxy->path = mem_format("%s/.s.PGSQL.%s", proxy->directory, server->port);
	proxy->listener = open_socket(proxy->path, &address);
	ck_assert_int_eq(bind(proxy->listener, (const struct sockaddr *) &address, sizeof(address)), 0);
	ck_assert_int_eq(listen(proxy->listener, LINK_LIMIT), 0);
	for (size_t i = 0; i < LINK_LIMIT; i++)
		proxy->links[i].streams[PROXY_CLIENT].from = -1;
	return proxy;
}

char *
proxy_conninfo(const struct proxy *proxy, const char *role, const char *database)
{
	return mem_format("host=%s port=%s user=%s dbname=%s", proxy->directory, proxy->server->port, role, database);
}

static bool
is_open(const struct link *link)
{
	return link->streams[PROXY_CLIENT].from >= 0;
}

static void
close_link(struct link *link)
{
	if (!is_open(link))
		return;
	close(link->streams[PROXY_CLIENT].from);
	close(link->streams[PROXY_SERVER].from);
	for (int i = 0; i < PROXY_SENDERS; i++) {
		mem_free(link->streams[i].bytes);
		mem_free(link->streams[i].queue);
	}
	*link = (struct link) {.streams[PROXY_CLIENT].from = -1};
}

/* If the server cannot be reached, the client's connection is closed. */
static void
accept_link(struct proxy *proxy)
{
	struct link *link = proxy->links;
	char	   *path = mem_format("%s/.s.PGSQL.%s", proxy->server->directory, proxy->server->port);
	struct sockaddr_un address;
	struct sockaddr_un peer;
	socklen_t	length = sizeof(peer);
	int			client = accept4(proxy->listener, (struct sockaddr *) &peer, &length, SOCK_CLOEXEC);
	int			server = open_socket(path, &address);

	ck_assert_int_ge(client, 0);
	while (is_open(link))
		ck_assert(++link < &proxy->links[LINK_LIMIT]);
	if (connect(server, (const struct sockaddr *) &address, sizeof(address)) == 0) {
		link->streams[PROXY_CLIENT] = (struct stream) {.from = client,.to = server};
		link->streams[PROXY_SERVER] = (struct stream) {.from = server,.to = client,.begun = true};
	} else {
		close(client);
		close(server);
	}
	mem_free(path);
}

static void
pass_on(struct stream *stream, const unsigned char *bytes, size_t length)
{
	if (length == 0)
		return;
	stream->queue = mem_grow(stream->queue, stream->queued + length, 1);
	memcpy(stream->queue + stream->queued, bytes, length);
	stream->queued += length;
}

/*
 * Send what the receiver has room for; with `wait`, wait for room. Who waits for one side while the other one waits for
 * us would wait for ever: a client may send and receive more at a time than the sockets hold. That the receiver has gone
 * is noticed when we read from it.
 */
static void
flush(struct stream *stream, bool wait)
{
	size_t		done = 0;

	while (done < stream->queued) {
		struct pollfd room = {.fd = stream->to,.events = POLLOUT};
		ssize_t		sent = send(stream->to, stream->queue + done, stream->queued - done, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent > 0)
			done += (size_t) sent;
		else if (errno != EINTR && errno != EAGAIN)
			done = stream->queued;
		else if (errno == EAGAIN && (!wait || poll(&room, 1, ROOM_WAIT) <= 0))
			break;
	}
	stream->queued -= done;
	if (stream->queued > 0)
		memmove(stream->queue, stream->queue + done, stream->queued);
}

static void
pass_message(struct stream *stream, const struct proxy_message *message)
{
	uint32_t	length = htonl((uint32_t) (message->length + sizeof(length)));

	if (stream->begun)
		pass_on(stream, (const unsigned char *) &message->type, 1);
	pass_on(stream, (const unsigned char *) &length, sizeof(length));
	pass_on(stream, message->body, message->length);
}

/* The length of the first message in the stream, or 0 while it is not complete. */
static size_t
message_length(const struct stream *stream)
{
	size_t		type = stream->begun ? 1 : 0;
	uint32_t	length;

	if (stream->length < type + sizeof(length))
		return 0;
	memcpy(&length, stream->bytes + type, sizeof(length));
	return stream->length >= type + ntohl(length) ? type + ntohl(length) : 0;
}

static void
end_links(struct proxy *proxy)
{
	for (size_t i = 0; i < LINK_LIMIT; i++)
		close_link(&proxy->links[i]);
}

static void
strike(struct proxy *proxy)
{
	proxy->struck = true;
	for (size_t i = 0; i < LINK_LIMIT; i++)
		for (int k = 0; k < PROXY_SENDERS && is_open(&proxy->links[i]); k++)
			flush(&proxy->links[i].streams[k], true);
	if (proxy->plan->strike)
		proxy->plan->strike(proxy->plan->context);
	end_links(proxy);
}

/* Pass on complete messages, one by one. False: the fault happened. */
static bool
pump(struct proxy *proxy, struct stream *stream, enum proxy_sender sender)
{
	size_t		length;

	while ((length = message_length(stream)) > 0) {
		size_t		head = (stream->begun ? 1 : 0) + sizeof(uint32_t);
		struct proxy_message message = {.sender = sender,.number = ++proxy->counts[sender],
			.fresh = sender == PROXY_CLIENT && stream->synced,.body = stream->bytes + head,.length = length - head
		};

		if (stream->begun)
			message.type = (char) stream->bytes[0];
		if (!proxy->struck && proxy->plan->look && proxy->plan->look(&message, proxy->plan->context)) {
			strike(proxy);
			return false;
		}
		pass_message(stream, &message);
		stream->begun = true;
		stream->synced = message.type == 'S';
		memmove(stream->bytes, stream->bytes + length, stream->length - length);
		stream->length -= length;
	}
	return true;
}

/* Read available data. False: the fault happened. */
static bool
carry(struct proxy *proxy, struct link *link, enum proxy_sender sender)
{
	struct stream *stream = &link->streams[sender];
	ssize_t		got;

	stream->bytes = mem_grow(stream->bytes, stream->length + CHUNK, 1);
	got = recv(stream->from, stream->bytes + stream->length, CHUNK, MSG_DONTWAIT);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (got <= 0) {
		flush(stream, true);
		close_link(link);
		return true;
	}
	stream->length += (size_t) got;
	if (!pump(proxy, stream, sender))
		return false;
	flush(stream, false);
	return true;
}

/* One look at all sockets. */
static void
turn(struct proxy *proxy, struct process *process)
{
	struct pollfd fds[2 + LINK_LIMIT * PROXY_SENDERS];
	nfds_t		count = 0;

	fds[count++] = (struct pollfd) {.fd = process->watch,.events = POLLIN};
	fds[count++] = (struct pollfd) {.fd = proxy->listener,.events = POLLIN};
	for (size_t i = 0; i < LINK_LIMIT; i++)
		for (int k = 0; k < PROXY_SENDERS; k++)
			/* The one side is where the other one's messages go. */
			fds[count++] = (struct pollfd) {.fd = is_open(&proxy->links[i]) ? proxy->links[i].streams[k].from : -1,
				.events = (short) (POLLIN | (proxy->links[i].streams[1 - k].queued > 0 ? POLLOUT : 0))
			};
	if (poll(fds, count, proxy->plan->patience > 0 ? proxy->plan->patience : 1000) <= 0) {
		if (proxy->plan->patience > 0)
			end_links(proxy);
		return;
	}
	for (size_t i = 2; i < count; i++) {
		struct link *link = &proxy->links[(i - 2) / PROXY_SENDERS];

		if ((fds[i].revents & POLLOUT) && is_open(link))
			flush(&link->streams[1 - (i - 2) % PROXY_SENDERS], false);
		if ((fds[i].revents & ~POLLOUT) && is_open(link) && !carry(proxy, link, (enum proxy_sender) ((i - 2) % PROXY_SENDERS)))
			return;
	}
	if (fds[1].revents)
		accept_link(proxy);
}

bool
proxy_serve(struct proxy *proxy, struct process *process, const struct proxy_plan *plan)
{
	time_t		deadline = time(NULL) + PROCESS_DEADLINE;

	proxy->plan = plan;
	proxy->struck = false;
	memset(proxy->counts, 0, sizeof(proxy->counts));
	while (process_running(process) && time(NULL) < deadline)
		turn(proxy, process);
	/* The last messages, Terminate among them, are still to be delivered. */
	for (size_t i = 0; i < LINK_LIMIT && !process_running(process); i++)
		while (is_open(&proxy->links[i]) && carry(proxy, &proxy->links[i], PROXY_CLIENT)
			   && is_open(&proxy->links[i]))
			flush(&proxy->links[i].streams[PROXY_CLIENT], true);
	end_links(proxy);
	return proxy->struck;
}

int
proxy_count(const struct proxy *proxy, enum proxy_sender sender)
{
	return proxy->counts[sender];
}

void
proxy_close(struct proxy *proxy)
{
	if (!proxy)
		return;
	end_links(proxy);
	close(proxy->listener);
	unlink(proxy->path);
	rmdir(proxy->directory);
	mem_free(proxy->path);
	mem_free(proxy->directory);
	mem_free(proxy);
}
