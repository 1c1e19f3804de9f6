/* Runs programs. */
#include "support/process.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

#include "base/banned.h"

#define EXIT_NOT_STARTED 127

static bool
become_user(const char *user)
{
	const struct passwd *entry;

	if (geteuid() != 0)
		return true;
	/* cppcheck-suppress getpwnamCalled; there is one thread */
	entry = getpwnam(user);
	return entry && initgroups(user, entry->pw_gid) == 0 && setgid(entry->pw_gid) == 0 && setuid(entry->pw_uid) == 0;
}

/* The user's PG* variables must not reach the programs under test. */
static void
set_environment(const char *const *environment)
{
	static const char *const removed[] = {"PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD", "PGOPTIONS",
		"PGSERVICE", "PGSERVICEFILE", "PGPASSFILE", "PGSSLMODE", "PGSSLROOTCERT", "PGAPPNAME", "PGDATA", "NO_COLOR"};

	for (size_t i = 0; i < sizeof(removed) / sizeof(removed[0]); i++)
		unsetenv(removed[i]);
	setenv("LC_ALL", "C.UTF-8", 1);
	for (; environment && *environment; environment++)
		putenv(mem_string(*environment));
}

_Noreturn static void
run_child(const int files[3], const char *const *argv, const struct process_options *options)
{
	char	   *const *arguments = (char *const *) (const void *) argv;
	sigset_t	none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGALRM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	for (int i = 0; i < 3; i++)
		if (files[i] >= 0 ? dup2(files[i], i) < 0 : close(i) != 0)
			_exit(EXIT_NOT_STARTED);
	set_environment(options->environment);
	if ((options->root && chroot(options->root) != 0) ||
		(options->directory && chdir(options->directory) != 0) ||
		(options->user && !become_user(options->user)) ||
		prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		_exit(EXIT_NOT_STARTED);
	execvp(argv[0], arguments);
	dprintf(STDERR_FILENO, "could not run %s: %s\n", argv[0], strerror(errno));
	_exit(EXIT_NOT_STARTED);
}

static int
open_memory(const char *content)
{
	int			file = memfd_create("process", MFD_CLOEXEC);
	size_t		length = content ? strlen(content) : 0;

	if (file < 0 || fchmod(file, 0666) != 0)
		ck_abort_msg("could not create a file in memory: %s", strerror(errno));
	while (length > 0) {
		ssize_t		written = write(file, content, length);

		if (written <= 0)
			ck_abort_msg("could not write to a file in memory: %s", strerror(errno));
		content += written;
		length -= (size_t) written;
	}
	if (lseek(file, 0, SEEK_SET) != 0)
		ck_abort_msg("could not rewind a file in memory: %s", strerror(errno));
	return file;
}

static char *
read_memory(int file)
{
	struct stat status;
	char	   *text;
	ssize_t		length;

	if (fstat(file, &status) != 0)
		ck_abort_msg("could not look at a file in memory: %s", strerror(errno));
	text = mem_alloc((size_t) status.st_size + 1);
	length = pread(file, text, (size_t) status.st_size, 0);
	text[length > 0 ? length : 0] = '\0';
	return text;
}

/* A file descriptor of its own; -1: none at all. */
static int
open_stream(enum process_stream kind, const char *path, int kept)
{
	int			ends[2] = {-1, -1};
	int			file = -1;

	if (path || kind == PROCESS_FULL)
		file = open(path ? path : "/dev/full", O_WRONLY | O_CLOEXEC);
	else if (kind == PROCESS_KEPT)
		file = fcntl(kept, F_DUPFD_CLOEXEC, 3);
	else if (kind == PROCESS_CLOSED)
		return -1;
	else if (pipe2(ends, O_CLOEXEC) == 0) {
		close(ends[0]);
		file = ends[1];
	}
	if (file < 0)
		ck_abort_msg("could not open %s: %s", path ? path : "a stream", strerror(errno));
	return file;
}

static int
open_terminal(const char *path)
{
	int			file = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (file < 0)
		ck_abort_msg("could not open %s: %s", path, strerror(errno));
	return file;
}

void
process_start(struct process *process, const char *const *argv, const struct process_options *options)
{
	static const struct process_options plain;
	int			files[3];

	if (!options)
		options = &plain;
	*process = (struct process) {0};
	files[0] = options->terminal ? open_terminal(options->terminal) : open_memory(options->input);
	process->files[0] = open_memory(NULL);
	process->files[1] = open_memory(NULL);
	files[1] = open_stream(options->out, options->output, process->files[0]);
	files[2] = options->terminal ? open_terminal(options->terminal)
		: open_stream(options->err, NULL, process->files[1]);
	process->pid = fork();
	if (process->pid < 0)
		ck_abort_msg("could not fork: %s", strerror(errno));
	if (process->pid == 0)
		run_child(files, argv, options);
	for (int i = 0; i < 3; i++)
		if (files[i] >= 0)
			close(files[i]);
	process->watch = pidfd_open(process->pid, 0);
	if (process->watch < 0)
		ck_abort_msg("could not watch process %d: %s", (int) process->pid, strerror(errno));
}

/* Wait at most this long for its end; true when it has come. */
static bool
wait_end(const struct process *process, int milliseconds)
{
	struct pollfd watched = {.fd = process->watch,.events = POLLIN};

	return process->pid == 0 || poll(&watched, 1, milliseconds) == 1;
}

bool
process_running(const struct process *process)
{
	return !wait_end(process, 0);
}

static bool
has_written(const struct process *process, const char *text)
{
	bool		found = false;

	for (int i = 0; i < 2 && !found; i++) {
		char	   *written = read_memory(process->files[i]);

		found = strstr(written, text) != NULL;
		mem_free(written);
	}
	return found;
}

void
process_expect(struct process *process, const char *text)
{
	time_t		deadline = time(NULL) + PROCESS_DEADLINE;
	bool		ended;

	do {
		/* In this order: its last output counts. */
		ended = wait_end(process, 5);
		if (has_written(process, text))
			return;
	} while (!ended && time(NULL) < deadline);
	ck_abort_msg("the program has %s without writing \"%s\"\n--- stdout:\n%s--- stderr:\n%s",
				 ended ? "ended" : "run for too long", text, read_memory(process->files[0]),
				 read_memory(process->files[1]));
}

void
process_signal(const struct process *process, int number)
{
	ck_assert_int_eq(kill(process->pid, number), 0);
}

static void
reap(struct process *process)
{
	int			status = 0;

	while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
		;
	close(process->watch);
	process->pid = 0;
	process->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void
process_wait(struct process *process)
{
	bool		ended = wait_end(process, PROCESS_DEADLINE * 1000);

	if (!ended)
		kill(process->pid, SIGKILL);
	reap(process);
	process->out = read_memory(process->files[0]);
	process->err = read_memory(process->files[1]);
	close(process->files[0]);
	close(process->files[1]);
	if (!ended)
		ck_abort_msg("the program had not ended after %d s\n--- stdout:\n%s--- stderr:\n%s", PROCESS_DEADLINE,
					 process->out, process->err);
}

void
process_run(struct process *process, const char *const *argv, const struct process_options *options)
{
	process_start(process, argv, options);
	process_wait(process);
}

void
process_must(const char *const *argv, const struct process_options *options)
{
	struct process process;

	process_run(&process, argv, options);
	ck_assert_msg(process.status == 0, "%s ended with status %d\n--- stdout:\n%s--- stderr:\n%s", argv[0],
				  process.status, process.out, process.err);
	process_clear(&process);
}

void
process_clear(struct process *process)
{
	if (process->pid > 0) {
		kill(process->pid, SIGKILL);
		reap(process);
		close(process->files[0]);
		close(process->files[1]);
	}
	mem_free(process->out);
	mem_free(process->err);
	*process = (struct process) {0};
}
