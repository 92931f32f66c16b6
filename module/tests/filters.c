// SPDX-License-Identifier: GPL-2.0-only
/*
 * filters.c - whoever filters a task's calls judges all of them: such tasks
 * are sent away, before anything ran and in the middle.
 */
#include "batch.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#endif

/* A filter that fails one call with EPERM and counts nothing. */
static int forbid(int nr, unsigned int flags)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog p = { 4, f };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &p);
}

/* Filtered: nothing runs; made plainly, the forbidden call fails. */
static void seccomp_is_obeyed_child(void)
{
	call_t c[] = { CALL(getppid), CALL(getpid) };
	struct batch_stat st = {};
	struct batch_req q = {};

	EQ(forbid(SYS_getppid, 0), 0);
	EQ(once(&q, c, 2), -EOPNOTSUPP);
	EQ(c[0].ret, NOTRUN);
	EQ(q.pos, 0);
	EQ(batch_go(dev, c, 2, sizeof(*c), &st), 1);
	EQ(c[0].ret, -EPERM);
	EQ(c[1].ret, getpid());
	EQ(st.plain, 2);
}
IN_CHILD(seccomp_is_obeyed)

/* Even a filter that allows all: it may log, or another may be added. */
static void strict_reading_child(void)
{
	call_t c[] = { CALL(getppid) };
	struct batch_req q = {};

	EQ(forbid(-77, 0), 0);
	EQ(once(&q, c, 1), -EOPNOTSUPP);
	EQ(c[0].ret, NOTRUN);
}
IN_CHILD(strict_reading)

/* PR_SET_SECCOMP as an entry: made plainly, and from there on all is. */
static void filter_installed_by_an_entry_child(void)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog p = { 4, f };
	call_t c[] = {
		CALL(getppid),
		CALL(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
		CALL(prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, P(&p)),
		CALL(getppid), CALL(getpid),
	};
	struct batch_stat st = {};

	EQ(batch_go(dev, c, 5, sizeof(*c), &st), 4);
	EQ(c[0].ret, getppid() < 0 ? c[0].ret : getppid());
	EQ(c[2].ret, 0);
	EQ(c[3].ret, -EPERM);
	EQ(c[4].ret, getpid());
	EQ(st.plain, 4);
}
IN_CHILD(filter_installed_by_an_entry)

static volatile int ready;
static int sync_pipe[2];

static void *tsync(void *arg)
{
	(void)arg;
	usleep(100000);
	ready = forbid(SYS_getppid, SECCOMP_FILTER_FLAG_TSYNC) ? -1 : 1;
	if (write(sync_pipe[1], "x", 1) != 1)
		ready = -1;
	return NULL;
}

/* TSYNC from another thread while an entry blocks: the next one is filtered. */
static void filter_from_another_thread_child(void)
{
	pthread_t t;
	char ch;
	struct batch_stat st = {};
	call_t c[3];

	EQ(pipe(sync_pipe), 0);
	EQ(pthread_create(&t, NULL, tsync, NULL), 0);
	c[0] = CALL(read, sync_pipe[0], P(&ch), 1);
	c[1] = CALL(getppid);
	c[2] = CALL(getpid);
	EQ(batch_go(dev, c, 3, sizeof(*c), &st), 2);
	pthread_join(t, NULL);
	EQ(ready, 1);
	EQ(c[0].ret, 1);
	EQ(c[1].ret, -EPERM);
	EQ(c[2].ret, getpid());
	EQ(st.plain, 2);
}
IN_CHILD(filter_from_another_thread)

/* A call that waits to be continued goes on plainly, and sleeps no longer. */
static void *tsync_silent(void *arg)
{
	(void)arg;
	usleep(50000);
	ready = forbid(SYS_getppid, SECCOMP_FILTER_FLAG_TSYNC) ? -1 : 1;
	return NULL;
}

static void filter_while_asleep_child(void)
{
	pthread_t t;
	pid_t self = getpid(), stopper;
	struct batch_stat st = {};
	struct timespec ts = { 0, 500 * 1000 * 1000 }, t0, t1;
	call_t c[2];

	stopper = fork();
	if (!stopper) {
		usleep(250000);
		kill(self, SIGSTOP);
		usleep(50000);
		_exit(kill(self, SIGCONT));
	}
	EQ(pthread_create(&t, NULL, tsync_silent, NULL), 0);
	c[0] = CALL(nanosleep, P(&ts), 0);
	c[1] = CALL(getppid);
	clock_gettime(CLOCK_MONOTONIC, &t0);
	EQ(batch_go(dev, c, 2, sizeof(*c), &st), 1);
	clock_gettime(CLOCK_MONOTONIC, &t1);
	pthread_join(t, NULL);
	waitpid(stopper, NULL, 0);
	EQ(ready, 1);
	EQ(st.plain, 2);
	EQ(c[0].ret, 0);
	EQ(c[1].ret, -EPERM);
	CHECK((t1.tv_sec - t0.tv_sec) * 1000 +
	      (t1.tv_nsec - t0.tv_nsec) / 1000000 < 700, "slept anew");
}
IN_CHILD(filter_while_asleep)


/* User dispatch (as by emulators): calls from outside a range raise SIGSYS. */
static char selector = 0;	/* SYSCALL_DISPATCH_FILTER_ALLOW */

static void user_dispatch_child(void)
{
	call_t c[] = { CALL(getppid) };
	struct batch_req q = {};

	if (prctl(PR_SET_SYSCALL_USER_DISPATCH, 1, 0, 0, &selector))
		return;		/* the architecture has none */
	EQ(once(&q, c, 1), -EOPNOTSUPP);
	EQ(c[0].ret, NOTRUN);
	EQ(prctl(PR_SET_SYSCALL_USER_DISPATCH, 0, 0, 0, 0), 0);
	EQ(once(&q, c, 1), BATCH_DONE);
}
IN_CHILD(user_dispatch)


int main(void)
{
	dev = open_batch();
	TEST(seccomp_is_obeyed);
	TEST(strict_reading);
	TEST(filter_installed_by_an_entry);
	TEST(filter_from_another_thread);
	TEST(filter_while_asleep);
	TEST(user_dispatch);
	return tests_end();
}
