/*
 * backoff.h - how long to wait before another try. Pure.
 */
#ifndef BACKOFF_H
#define BACKOFF_H

/*
 * backoff_pause - milliseconds before try number `attempt` (the second try is 1) is made: they grow to at most fifteen
 * seconds, and `random`, any number, spreads them by a half either way, so that two who wait do not meet again.
 */
int			backoff_pause(int attempt, unsigned random);

/*
 * backoff_total - milliseconds that `retries` further tries take at most, where each waits `timeout` for a lock.
 */
int			backoff_total(int retries, int timeout);

#endif
