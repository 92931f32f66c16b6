/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * batch.h - a user of /dev/batch in C, and the reference it is measured by.
 *
 * ref_step() is the meaning of one entry, said in plain calls. batch_go()
 * runs a batch through the module and does what a caller has to do when the
 * module hands one entry back.
 */
#ifndef TESTS_BATCH_H
#define TESTS_BATCH_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../batch_uapi.h"

#define NOTRUN INT64_MIN	/* what a slot holds before its entry ran */

typedef struct batch_call call_t;

/* The device, once main() has opened it, and the requests' flags. */
static int dev __attribute__((unused)) = -1;
static uint32_t run_flags;

/* The kernel's own return value, errors as -errno. */
static inline long raw6(long nr, long a, long b, long c, long d, long e, long f)
{
#if defined(__x86_64__)
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8),
			   "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
#endif
}

static inline call_t *call_at(void *calls, size_t stride, size_t i)
{
	return (call_t *)((char *)calls + i * stride);
}

/* Copy memory that may not be there; 0 or -EFAULT. */
static inline int peek(void *to, uint64_t from, size_t len)
{
	struct iovec l = { to, len }, r = { (void *)from, len };

	return syscall(SYS_process_vm_readv, getpid(), &l, 1, &r, 1, 0) ==
		(long)len ? 0 : -EFAULT;
}

static inline int poke(uint64_t to, void *from, size_t len)
{
	struct iovec l = { from, len }, r = { (void *)to, len };

	return syscall(SYS_process_vm_writev, getpid(), &l, 1, &r, 1, 0) ==
		(long)len ? 0 : -EFAULT;
}

static inline int ref_copy_word(const call_t *c)
{
	int64_t width = c->arg[2], size = width < 0 ? -width : width;
	int64_t val = 0;

	if (size == 0)
		size = 8;
	if (size != 8 && size != 4 && size != 2 && size != 1)
		return -EINVAL;
	if (peek(&val, c->arg[1], size))
		return -EFAULT;
	if (width < 0 && size < 8) {
		int shift = 64 - 8 * size;

		val = (int64_t)((uint64_t)val << shift) >> shift;
	}
	return poke(c->arg[0], &val, 8);
}

/* The result of one entry, made plainly. */
static inline int64_t ref_step(const call_t *c)
{
	switch (c->nr) {
	case BATCH_NR_WDCPY:
		return ref_copy_word(c);
	case BATCH_NR_CONST:
		return c->arg[0];
	}
	return raw6(c->nr, c->arg[0], c->arg[1], c->arg[2], c->arg[3],
		    c->arg[4], c->arg[5]);
}

/* The entry after i, or n, given i's result. */
static inline size_t ref_next(const call_t *c, size_t i, size_t n, int64_t res)
{
	int jump;

	if (res < 0 && res >= -4095)
		jump = c->jneg;
	else if (c->nr == BATCH_NR_WDCPY)
		jump = 0;
	else
		jump = res == 0 ? c->jzero : c->jpos;
	if (jump < 0 || (size_t)jump >= n - i - 1)
		return n;
	return i + 1 + jump;
}

/*
 * Entry i as a plain call would be made of it: with BATCH_REFS, results in the
 * place of indices, or the constant that a bad index makes of it.
 */
static inline call_t ref_entry(void *calls, size_t stride, size_t i)
{
	call_t c = *call_at(calls, stride, i);	/* read once */
	unsigned int which = (uint16_t)c.nr >> BATCH_REFS_SHIFT;

	if (!(run_flags & BATCH_REFS) || c.nr == BATCH_NR_WDCPY ||
	    c.nr == BATCH_NR_CONST)
		return c;
	c.nr &= (1 << BATCH_REFS_SHIFT) - 1;
	for (int k = 0; k < 6; k++) {
		uint64_t from = c.arg[k];

		if (!(which >> k & 1))
			continue;
		if (from >= i) {
			c.nr = BATCH_NR_CONST;
			c.arg[0] = -EINVAL;
			return c;
		}
		c.arg[k] = call_at(calls, stride, from)->ret;
	}
	return c;
}

/* Run a batch plainly. Returns the last entry that ran, or -1. */
static inline long ref_run(void *calls, size_t n, size_t stride)
{
	long last = -1;

	for (size_t i = 0; i < n;) {
		call_t c = ref_entry(calls, stride, i);
		int64_t res = ref_step(&c);

		call_at(calls, stride, i)->ret = res;
		last = i;
		i = ref_next(&c, i, n, res);
	}
	return last;
}

/* One ioctl, no going on. */
static inline long once(struct batch_req *q, void *calls, unsigned int n)
{
	q->calls = (uint64_t)calls;
	q->n = n;
	q->flags |= run_flags;
	if (!q->stride)
		q->stride = sizeof(call_t);
	return raw6(SYS_ioctl, dev, BATCH_RUN, (long)q, 0, 0, 0);
}

struct batch_stat {
	unsigned long ioctls, again, eintr, plain, ran;
};

/*
 * Run a batch through the module. Returns the last entry that ran, -1 if none
 * did, or -2 - errno when nobody can go on (the entry itself is unreadable).
 */
static inline long batch_go(int fd, void *calls, size_t n, size_t stride,
			    struct batch_stat *st)
{
	struct batch_req q = {
		.calls = (uint64_t)calls, .n = n, .stride = stride, .last = -1,
		.flags = run_flags,
	};
	struct batch_stat dummy;

	if (!st)
		st = &dummy;
	while (q.pos < n || q.state) {
		call_t *c;
		int64_t res;
		long r = raw6(SYS_ioctl, fd, BATCH_RUN, (long)&q, 0, 0, 0);

		st->ioctls++;
		if (r == BATCH_DONE)
			break;
		if (r == BATCH_CONTINUE) {
			st->again++;
			continue;
		}
		c = call_at(calls, stride, q.pos);
		if (r == -EINTR) {
			st->eintr++;
			res = c->ret = -EINTR;
		} else if (q.state == BATCH_RAN) {
			st->ran++;
			res = q.res;
		} else if (r == -EFAULT) {
			return -2 - EFAULT;
		} else {
			call_t copy = ref_entry(calls, stride, q.pos);

			st->plain++;
			if (q.state == BATCH_RESTART)
				res = raw6(SYS_restart_syscall, 0, 0, 0, 0, 0, 0);
			else
				res = ref_step(&copy);
			c->ret = res;
			c = &copy;
			q.last = q.pos;
			q.state = BATCH_START;
			q.pos = ref_next(c, q.pos, n, res);
			continue;
		}
		q.last = q.pos;
		q.state = BATCH_START;
		q.pos = ref_next(c, q.pos, n, res);
	}
	return (int32_t)q.last;
}

#define C_(NR, NEG, ZERO, POS, ...) \
	((call_t){ (NR), (NEG), (ZERO), (POS), NOTRUN, { __VA_ARGS__ } })
#define CALL(NAME, ...)  C_(SYS_##NAME, 0, 0, 0, __VA_ARGS__)
#define STOP(NAME, ...)  C_(SYS_##NAME, -1, 0, 0, __VA_ARGS__)
#define WDCPY(DST, SRC, W) \
	C_(BATCH_NR_WDCPY, 0, 0, 0, (uint64_t)(DST), (uint64_t)(SRC), \
	   (uint64_t)(int64_t)(W))
#define P(x) ((uint64_t)(uintptr_t)(x))

/* Checks: each test is a function; a failed check says where and ends it. */
static int tests_run, tests_failed, test_bad;

#define CHECK(cond, ...) do {						\
	if (!(cond)) {							\
		printf("FAIL %s:%d: %s: ", __FILE__, __LINE__, #cond);	\
		printf(" " __VA_ARGS__);					\
		printf("\n");						\
		test_bad = 1;						\
		return;							\
	}								\
} while (0)

#define EQ(got, want) do {						\
	long long g_ = (long long)(got), w_ = (long long)(want);	\
	if (g_ != w_) {							\
		printf("FAIL %s:%d: %s is %lld, want %lld\n", __FILE__,	\
		       __LINE__, #got, g_, w_);				\
		test_bad = 1;						\
		return;							\
	}								\
} while (0)

static inline void run_test(const char *name, void (*f)(void))
{
	test_bad = 0;
	printf("RUN %s\n", name);
	fflush(stdout);
	f();
	tests_run++;
	tests_failed += test_bad;
	if (test_bad)
		printf("FAIL %s\n", name);
	fflush(stdout);
}
#define TEST(f) run_test(#f, f)

/* A test whose body changes the process for good runs in a child. */
#define IN_CHILD(f)							\
	static void f(void)						\
	{								\
		pid_t pid = fork();					\
		int status;						\
									\
		if (!pid) {						\
			alarm(20);					\
			f##_child();					\
			fflush(stdout);					\
			_exit(test_bad);				\
		}							\
		EQ(waitpid(pid, &status, 0), pid);			\
		EQ(status, 0);						\
	}

static inline int tests_end(void)
{
	printf("TESTS run=%d failed=%d\n", tests_run, tests_failed);
	return tests_failed != 0;
}

static inline int open_batch(void)
{
	int fd = open("/dev/batch", O_RDWR | O_CLOEXEC), high;

	if (fd < 0) {
		printf("FAIL open /dev/batch: %s\n", strerror(errno));
		exit(1);
	}
	high = fcntl(fd, F_DUPFD_CLOEXEC, 500);
	close(fd);
	return high;
}

#endif /* TESTS_BATCH_H */
