/*
 * backoff.h - how long to wait before a retry. Pure.
 */
#ifndef BACKOFF_H
#define BACKOFF_H

/*
 * backoff_pause - milliseconds to wait before retry number `attempt`, counted from 1. Pauses grow up to 15 seconds.
 * `random`, any number, varies a pause by up to half, so that two programs that collided do not collide again.
 */
int			backoff_pause(int attempt, unsigned random);

/*
 * backoff_total - milliseconds that one try and `retries` retries take at most, without jitter, if each waits `timeout`
 * milliseconds for a lock. At most INT_MAX.
 */
int			backoff_total(int retries, int timeout);

#endif
