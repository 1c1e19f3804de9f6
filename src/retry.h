/*
 * retry.h - how long to wait before another try. Pure.
 */
#ifndef RETRY_H
#define RETRY_H

/*
 * retry_pause - milliseconds before try number `attempt` (the second try is 1) is made: they grow to at most fifteen
 * seconds, and `random`, any number, spreads them by a half either way, so that two who wait do not meet again.
 */
int			retry_pause(int attempt, unsigned random);

/*
 * retry_patience - milliseconds that `retries` further tries take at most, where each waits `timeout` for a lock.
 */
int			retry_patience(int retries, int timeout);

#endif
