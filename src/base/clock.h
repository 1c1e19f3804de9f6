/*
 * clock.h - the monotonic clock. It does not follow changes of the system time, so only differences have a meaning.
 */
#ifndef CLOCK_H
#define CLOCK_H

/* clock_milliseconds - milliseconds since an unspecified start. Cannot fail. */
long		clock_milliseconds(void);

#endif
