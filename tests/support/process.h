/*
 * process.h - run programs from a test: arguments, environment and input in; exit status, stdout and stderr out.
 *
 * No shell is involved. Whatever goes wrong (no such program, no end in time) fails the test that asked for it, with
 * what the program wrote. A program that is still running dies with the process that started it.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#define PROCESS_DEADLINE 300	/* seconds until a program is killed and its test fails */

/* The stdout or stderr of a program. */
enum process_stream {
	PROCESS_KEPT,				/* the output is collected */
	PROCESS_CLOSED,
	PROCESS_UNREAD,				/* a pipe whose reader has gone */
	PROCESS_FULL				/* /dev/full */
};

struct process_options {
	const char *const *environment; /* "NAME=value", NULL at the end: added to ours without its PG* variables */
	const char *input;			/* what it reads from stdin; NULL: nothing */
	const char *terminal;		/* a terminal that takes the place of its stdin and stderr */
	const char *output;			/* a file that takes the place of its stdout */
	enum process_stream out;	/* without such a file */
	enum process_stream err;
	const char *user;			/* run as this user, where we are root */
	const char *root;			/* chroot to this directory */
	const char *directory;		/* its working directory; NULL: ours */
};

struct process {
	pid_t		pid;
	int			watch;			/* a pidfd */
	int			files[2];		/* its stdout and stderr, files in memory */
	int			status;			/* its exit status, or 128 + the signal that ended it */
	char	   *out;			/* its output, once process_wait has returned */
	char	   *err;
};

/* process_start - start argv[0], looked for in PATH; `options` may be NULL. End it with process_clear. */
void		process_start(struct process *process, const char *const *argv, const struct process_options *options);

/* process_running - has it not ended yet? */
bool		process_running(const struct process *process);

/* process_expect - wait until it has written `text` to stdout or stderr; to end without fails the test. */
void		process_expect(struct process *process, const char *text);

/* process_signal - send it a signal. */
void		process_signal(const struct process *process, int number);

/* process_wait - wait for its end; fills in status, out and err. */
void		process_wait(struct process *process);

/* process_run - start it and wait. */
void		process_run(struct process *process, const char *const *argv, const struct process_options *options);

/* process_must - run it; to end with another status than 0 fails the test. Nothing to clear. */
void		process_must(const char *const *argv, const struct process_options *options);

/* process_clear - kill what still runs and free what was collected; accepts a cleared one. */
void		process_clear(struct process *process);

#endif
