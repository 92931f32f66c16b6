/* SPDX-License-Identifier: GPL-2.0-only */
/* signals.h - a handler that counts, a timer, and both ways of making a call. */
#ifndef TESTS_SIGNALS_H
#define TESTS_SIGNALS_H

#include <signal.h>
#include <sys/time.h>
#include <time.h>

static volatile int hits;
static volatile __s64 seen;	/* a slot, as the handler found it */
static volatile __s64 *look;
static int wake = -1;

static void hit(int sig)
{
	(void)sig;
	hits++;
	if (look)
		seen = *look;
	if (wake >= 0 && hits == 1 && write(wake, "w", 1) != 1)
		_exit(9);
}

static inline void on(int sig, int flags)
{
	struct sigaction sa = { .sa_handler = hit, .sa_flags = flags };

	setitimer(ITIMER_REAL, &(struct itimerval){ }, NULL);
	hits = 0;
	look = NULL;
	seen = 0;
	wake = -1;
	sigaction(sig, &sa, NULL);
}

/*
 * A signal after ms, and again and again: one that comes before the call that
 * it is meant for must not leave that waiting. on() ends it.
 */
static inline void after_ms(int ms)
{
	struct itimerval it = { { 0, ms * 2000 }, { 0, ms * 1000 } };

	setitimer(ITIMER_REAL, &it, NULL);
}

static inline double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Both ways of making one call; way 0 is plain. */
static int64_t make(int way, call_t c, struct batch_stat *st)
{
	call_t b[3] = { CALL(getpid), c, CALL(getppid) };

	memset(st, 0, sizeof(*st));
	if (way == 0)
		return ref_step(&c);
	if (batch_go(dev, b, 3, sizeof(call_t), st) != 2 ||
	    b[0].ret != getpid() || b[2].ret != getppid() || st->plain)
		return NOTRUN;
	return b[1].ret;
}

#endif /* TESTS_SIGNALS_H */
