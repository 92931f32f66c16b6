// SPDX-License-Identifier: GPL-2.0-only
/*
 * signals.c - handlers in the middle of batches. What a call does outside a
 * batch it does inside: every case is run both ways and must end alike.
 */
#include "batch.h"
#include "signals.h"

#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* read(2): EINTR without SA_RESTART, made again with it. */
static void read_interrupted(void)
{
	for (int way = 0; way < 2; way++) {
		struct batch_stat st;
		char ch;
		int p[2];

		EQ(pipe(p), 0);
		on(SIGALRM, 0);
		after_ms(30);
		EQ(make(way, CALL(read, p[0], P(&ch), 1), &st), -EINTR);
		CHECK(hits >= 1);
		EQ(st.eintr, way);

		on(SIGALRM, SA_RESTART);
		wake = p[1];
		after_ms(30);
		EQ(make(way, CALL(read, p[0], P(&ch), 1), &st), 1);
		CHECK(hits >= 1);
		EQ(ch, 'w');
		EQ(st.eintr, 0);
		EQ(st.ioctls, way);
		close(p[0]);
		close(p[1]);
	}
}

/* nanosleep(2) shows EINTR, with SA_RESTART too, and what is left. */
static void nanosleep_interrupted(void)
{
	for (int k = 0; k < 4; k++) {
		int way = k & 1, flags = k & 2 ? SA_RESTART : 0;
		struct timespec ts = { 2, 0 }, left = { 0, 0 };
		struct batch_stat st;
		double t0 = now();

		on(SIGALRM, flags);
		after_ms(30);
		EQ(make(way, CALL(nanosleep, P(&ts), P(&left)), &st), -EINTR);
		CHECK(hits >= 1);
		EQ(st.eintr, way);
		CHECK(left.tv_sec == 1 || (left.tv_sec == 0 && left.tv_nsec),
		      "left %ld.%09ld", left.tv_sec, left.tv_nsec);
		CHECK(now() - t0 < 1.5);
	}
}

static void futex_interrupted(void)
{
	for (int way = 0; way < 2; way++) {
		struct timespec ts = { 2, 0 };
		struct batch_stat st;
		int word = 1;

		on(SIGALRM, 0);
		after_ms(30);
		EQ(make(way, CALL(futex, P(&word), FUTEX_WAIT_PRIVATE, 1, 0), &st),
		   -EINTR);
		CHECK(hits >= 1);
		on(SIGALRM, SA_RESTART);
		after_ms(30);
		ts.tv_sec = 0;
		ts.tv_nsec = 900 * 1000 * 1000;
		{
			int64_t r = make(way, CALL(futex, P(&word),
					 FUTEX_WAIT_PRIVATE, 1, P(&ts)), &st);

			/* which of the two depends on the kernel alone */
			static int64_t plain;

			if (way == 0)
				plain = r;
			EQ(r, plain);
			CHECK(r == -ETIMEDOUT || r == -EINTR);
		}
		CHECK(hits >= 1);
	}
}

/* ppoll(2): the temporary mask lets the signal in, and is gone afterwards. */
static void ppoll_restores_the_mask(void)
{
	for (int k = 0; k < 4; k++) {
		int way = k & 1, flags = k & 2 ? SA_RESTART : 0;
		struct timespec ts = { 2, 0 };
		sigset_t block, none, mask;
		struct batch_stat st;

		sigemptyset(&none);
		sigemptyset(&block);
		sigaddset(&block, SIGALRM);
		sigprocmask(SIG_BLOCK, &block, NULL);
		on(SIGALRM, flags);
		after_ms(20);
		EQ(hits, 0);
		EQ(make(way, CALL(ppoll, 0, 0, P(&ts), P(&none), 8), &st), -EINTR);
		CHECK(hits >= 1);
		EQ(st.eintr, way);
		setitimer(ITIMER_REAL, &(struct itimerval){ }, NULL);
		sigprocmask(SIG_SETMASK, NULL, &mask);
		EQ(sigismember(&mask, SIGALRM), 1);
		sigprocmask(SIG_UNBLOCK, &block, NULL);
	}
}

/* The handler finds the state between two calls: before it ran, after not. */
static void handlers_run_between_entries(void)
{
	int64_t mine = 0;
	call_t c[4];
	struct batch_stat st = {};
	pid_t self = getpid();

	on(SIGUSR1, 0);
	/* tgkill is not in a batch: the next calls are, after its handler */
	c[0] = CALL(getppid);
	c[1] = CALL(tgkill, self, raw6(SYS_gettid, 0, 0, 0, 0, 0, 0), SIGUSR1);
	c[2] = CALL(getpid);
	c[3] = WDCPY(&mine, &seen, 0);
	look = &c[2].ret;
	EQ(batch_go(dev, c, 4, sizeof(call_t), &st), 3);
	EQ(hits, 1);
	EQ(st.plain, 1);
	EQ(mine, NOTRUN);	/* entry 2 had not run when the handler did */
	EQ(c[2].ret, self);
}

/*
 * A signal that an entry itself causes (SIGPIPE from write): its handler runs
 * before the next entry, and the batch goes on without a word.
 */
static void signal_raised_by_an_entry(void)
{
	for (int flags = 0; flags < 2; flags++) {
		int p[2];
		struct batch_stat st = {};
		call_t c[3];

		EQ(pipe(p), 0);
		close(p[0]);
		on(SIGPIPE, flags ? SA_RESTART : 0);
		c[0] = CALL(write, p[1], P("x"), 1);
		c[1] = CALL(getpid);
		c[2] = CALL(getppid);
		look = &c[1].ret;
		EQ(batch_go(dev, c, 3, sizeof(call_t), &st), 2);
		EQ(hits, 1);
		EQ(seen, NOTRUN);
		EQ(c[0].ret, -EPIPE);
		EQ(c[1].ret, getpid());
		EQ(st.ioctls, 1);
		EQ(st.eintr, 0);
		close(p[1]);
	}
}

/* Regression: restart codes stay in the kernel, whatever interrupts. */
static void no_restart_code_leaks(void)
{
	struct itimerval it = { { 0, 700 }, { 0, 700 } };
	struct itimerval off = { };
	int p[2];

	EQ(pipe(p), 0);
	for (int flags = 0; flags < 2; flags++) {
		on(SIGALRM, flags ? SA_RESTART : 0);
		setitimer(ITIMER_REAL, &it, NULL);
		for (int i = 0; i < 150; i++) {
			struct timespec ts = { 0, 300000 };
			struct pollfd pf = { .fd = p[0], .events = POLLIN };
			int word = 1;
			call_t c[] = {
				CALL(nanosleep, P(&ts), 0),
				CALL(ppoll, P(&pf), 1, P(&ts), 0, 8),
				CALL(futex, P(&word), FUTEX_WAIT_PRIVATE, 1, P(&ts)),
				CALL(getppid),
			};

			EQ(batch_go(dev, c, 4, sizeof(call_t), NULL), 3);
			for (int k = 0; k < 4; k++)
				CHECK(c[k].ret > -512, "entry %d: %lld", k,
				      (long long)c[k].ret);
			EQ(c[3].ret, getppid());
		}
		setitimer(ITIMER_REAL, &off, NULL);
		CHECK(hits > 20, "%d", hits);
	}
	close(p[0]);
	close(p[1]);
}

/* Results under a storm of handlers are those without it: nothing runs twice. */
static void storm_does_not_repeat(void)
{
	struct itimerval it = { { 0, 150 }, { 0, 150 } };
	struct itimerval off = { };
	int fd = memfd_create("storm", 0);
	enum { N = 64, ROUNDS = 150 };
	call_t c[N];

	on(SIGALRM, SA_RESTART);
	setitimer(ITIMER_REAL, &it, NULL);
	for (int r = 0; r < ROUNDS; r++) {
		for (int i = 0; i < N; i++)
			c[i] = CALL(write, fd, P("x"), 1);
		EQ(batch_go(dev, c, N, sizeof(call_t), NULL), N - 1);
		for (int i = 0; i < N; i++)
			EQ(c[i].ret, 1);
	}
	setitimer(ITIMER_REAL, &off, NULL);
	EQ(lseek(fd, 0, SEEK_CUR), N * ROUNDS);
	CHECK(hits > 10, "%d", hits);
	close(fd);
}

/* CONST is no call: what looks like a restart code is just a number. */
static void constants_are_not_restarted(void)
{
	struct itimerval it = { { 0, 150 }, { 0, 150 } };
	struct itimerval off = { };

	on(SIGALRM, 0);
	setitimer(ITIMER_REAL, &it, NULL);
	for (int r = 0; r < 300; r++) {
		call_t c[8];
		struct batch_stat st = {};

		for (int i = 0; i < 8; i++)
			c[i] = C_(BATCH_NR_CONST, 0, 0, 0, -512 - i % 5);
		EQ(batch_go(dev, c, 8, sizeof(call_t), &st), 7);
		for (int i = 0; i < 8; i++)
			EQ(c[i].ret, -512 - i % 5);
		EQ(st.eintr, 0);
	}
	setitimer(ITIMER_REAL, &off, NULL);
}

int main(void)
{
	dev = open_batch();
	signal(SIGALRM, SIG_IGN);
	TEST(read_interrupted);
	TEST(nanosleep_interrupted);
	TEST(futex_interrupted);
	TEST(ppoll_restores_the_mask);
	TEST(handlers_run_between_entries);
	TEST(signal_raised_by_an_entry);
	TEST(no_restart_code_leaks);
	TEST(storm_does_not_repeat);
	TEST(constants_are_not_restarted);
	return tests_end();
}
