/* SIGINT and SIGTERM request a stop. */
#include "base/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "base/banned.h"

static volatile sig_atomic_t stopped_by = 0;
static int	wake[2] = {-1, -1};

static void
request_stop(int signal_number)
{
	int			saved = errno;

	if (stopped_by)
		_exit(2);
	stopped_by = signal_number;
	if (wake[1] >= 0) {
		ssize_t		written = write(wake[1], "", 1);

		(void) written;
	}
	errno = saved;
}

void
signals_init(void)
{
	struct sigaction stop = {.sa_handler = request_stop,.sa_flags = SA_RESTART};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	/* Without the pipe, waits still end, but later: they check at least once a second. */
	if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0)
		wake[0] = wake[1] = -1;
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGHUP, &ignore, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

const char *
signals_stop(void)
{
	if (!stopped_by)
		return NULL;
	return stopped_by == SIGINT ? "SIGINT" : "SIGTERM";
}

int
signals_fd(void)
{
	return wake[0];
}

void
signals_pause(int milliseconds)
{
	struct pollfd fd = {.fd = wake[0],.events = POLLIN};

	if (!signals_stop())
		poll(&fd, 1, milliseconds);
}
