/*
 * signals.h - Ctrl-C and SIGTERM ask to stop; a dropped terminal does not.
 *
 * Nothing is undone in a handler: it only leaves word, and whoever waits looks (signals_fd, signals_stop).
 */
#ifndef SIGNALS_H
#define SIGNALS_H

/*
 * signals_init - from now on the first SIGINT or SIGTERM asks to stop, the second ends the program with status 2 at
 * once, and SIGHUP and SIGPIPE are ignored.
 */
void		signals_init(void);

/* signals_stop - the name of the signal that asked to stop, or NULL. */
const char *signals_stop(void);

/* signals_fd - readable once a signal has asked to stop, for poll(); -1 before signals_init. */
int			signals_fd(void);

/* signals_pause - wait so many milliseconds, or until a signal asks to stop. */
void		signals_pause(int milliseconds);

#endif
