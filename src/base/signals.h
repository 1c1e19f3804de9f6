/*
 * signals.h - SIGINT (Ctrl-C) and SIGTERM request a stop; SIGHUP does not.
 *
 * The handler only records the request. Code that waits checks it by signals_fd and signals_stop.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

/*
 * signals_init - install the handlers: the first SIGINT or SIGTERM requests a stop, the second one ends the program at
 * once with status 2. SIGHUP and SIGPIPE are ignored.
 */
void		signals_init(void);

/* signals_stop - the name of the signal that requested a stop, or NULL. */
const char *signals_stop(void);

/* signals_fd - a file descriptor for poll(), readable once a stop was requested; -1 before signals_init. */
int			signals_fd(void);

/* signals_pause - wait for `milliseconds`, or until a stop is requested. */
void		signals_pause(int milliseconds);

#endif
