/* A process that cleans up after a server. */
#include "support/keeper.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "support/process.h"
#include "support/server.h"

#include "base/banned.h"

#define KEEPER_LIMIT 8

/* It cleans up when the other end of `pipe` is closed: by us, or by our end. */
static struct {
	pid_t		owner;
	pid_t		pid;
	int			pipe;
}			keepers[KEEPER_LIMIT];

static size_t keeper_count;

static int
remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void) status;
	(void) type;
	(void) place;
	return remove(path);
}

_Noreturn static void
keep(const char *directory, int end)
{
	char	   *pg_ctl = server_program("pg_ctl");
	char	   *data = mem_format("%s/data", directory);
	const char *const stop[] = {pg_ctl, "-D", data, "-m", "immediate", "-w", "stop", NULL};
	struct process process;
	int			null = open("/dev/null", O_RDWR);
	char		byte;

	/* Away from the terminal's signals; without the owner's stdout, whose reader waits for its end. */
	setsid();
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	for (int i = 0; i < 3; i++)
		dup2(null, i);
	while (read(end, &byte, 1) < 0 && errno == EINTR)
		;
	process_run(&process, stop, &(struct process_options) {.user = "postgres",.directory = "/"});
	nftw(directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	_exit(0);
}

static void
end_keepers(void)
{
	for (size_t i = 0; i < keeper_count; i++) {
		/* A test that Check has forked is not the one who started it. */
		if (keepers[i].owner != getpid())
			continue;
		close(keepers[i].pipe);
		waitpid(keepers[i].pid, NULL, 0);
	}
}

void
keeper_start(const char *directory)
{
	int			ends[2];
	pid_t		pid;

	ck_assert_uint_lt(keeper_count, KEEPER_LIMIT);
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		ck_abort_msg("could not fork: %s", strerror(errno));
	if (pid == 0) {
		close(ends[1]);
		for (size_t i = 0; i < keeper_count; i++)
			close(keepers[i].pipe);
		keep(directory, ends[0]);
	}
	close(ends[0]);
	keepers[keeper_count].owner = getpid();
	keepers[keeper_count].pid = pid;
	keepers[keeper_count].pipe = ends[1];
	if (keeper_count++ == 0)
		atexit(end_keepers);
}
