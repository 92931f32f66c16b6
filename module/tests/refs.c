// SPDX-License-Identifier: GPL-2.0-only
/* refs.c - BATCH_REFS: arguments that are results of earlier entries. */
#include "batch.h"

#include <sys/mman.h>
#include <sys/stat.h>

/* Call NR with the arguments of the mask W being entries' indices. */
#define REF(W, NAME, ...) \
	C_((int16_t)((W) << BATCH_REFS_SHIFT | SYS_##NAME), 0, 0, 0, __VA_ARGS__)

static void known(void)
{
	struct batch_info i = {};

	EQ(ioctl(dev, BATCH_INFO, &i), 0);
	CHECK(i.features & BATCH_F_REFS);
}

static void chain(void)
{
	struct stat st = {}, want;
	char buf[8];
	call_t c[] = {
		CALL(openat, AT_FDCWD, P("/proc/self/exe"), O_RDONLY),
		REF(1, fstat, 0, P(&st)),
		REF(1, read, 0, P(buf), 4),
		REF(4, lseek, -1, 0, 2),	/* argument 2 is what read gave */
		REF(1, close, 0),
		REF(1, close, 0),
	};
	struct batch_req q = {};

	EQ(once(&q, c, 6), BATCH_DONE);
	EQ(q.last, 5);
	CHECK(c[0].ret > 2);
	EQ(stat("/proc/self/exe", &want), 0);
	EQ(st.st_ino, want.st_ino);
	EQ(c[2].ret, 4);
	EQ(memcmp(buf, "\177ELF", 4), 0);
	EQ(c[3].ret, -EBADF);
	EQ(c[4].ret, 0);
	EQ(c[5].ret, -EBADF);
	EQ(c[1].arg[0], 0);	/* what the program wrote stays */
}

/* Each argument by itself, and all at once. */
static void every_argument(void)
{
	int fd = memfd_create("refs", 0);
	call_t c[8] = {
		C_(BATCH_NR_CONST, 0, 0, 0, 0),
		C_(BATCH_NR_CONST, 0, 0, 0, 4096),
		C_(BATCH_NR_CONST, 0, 0, 0, PROT_READ),
		C_(BATCH_NR_CONST, 0, 0, 0, MAP_SHARED),
		C_(BATCH_NR_CONST, 0, 0, 0, fd),
		C_(BATCH_NR_CONST, 0, 0, 0, 8192),
		REF(63, mmap, 0, 1, 2, 3, 4, 5),
		REF(3, munmap, 6, 1),
	};
	static const uint64_t args[] = { 0, 4096, PROT_READ, MAP_SHARED, 0, 8192 };
	struct batch_req q = {};

	EQ(ftruncate(fd, 16384), 0);
	EQ(once(&q, c, 8), BATCH_DONE);
	CHECK(c[6].ret > 0);
	EQ(c[7].ret, 0);
	for (int k = 0; k < 6; k++) {
		call_t *m = &c[6];

		*m = REF(1 << k, mmap, args[0], args[1], args[2], args[3], fd,
			 args[5]);
		m->arg[k] = k;
		q = (struct batch_req){};
		EQ(once(&q, c, 8), BATCH_DONE);
		CHECK(m->ret > 0, "argument %d: %lld", k, (long long)m->ret);
		EQ(c[7].ret, 0);
	}
	close(fd);
}

/* An index that is no earlier entry's makes no call. */
static void bad_indices(void)
{
	static const uint64_t bad[] = { 1, 2, 3, 1UL << 32, 1UL << 58, -1UL };

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int fd = dup(0);
		call_t c[] = { C_(BATCH_NR_CONST, 0, 0, 0, fd),
			       REF(1, close, bad[i]), CALL(getpid) };
		struct batch_req q = {};

		c[1].jneg = 1;
		EQ(once(&q, c, 3), BATCH_DONE);
		EQ(c[1].ret, -EINVAL);
		EQ(c[2].ret, NOTRUN);
		EQ(q.last, 1);
		EQ(close(fd), 0);
	}
}

/* The slot of an entry that did not run gives what is in it. */
static void entries_that_did_not_run(void)
{
	call_t c[] = { C_(SYS_getpid, 0, 0, 1), CALL(getpid),
		       REF(1, close, 1), CALL(getppid) };
	struct batch_req q = {};

	c[1].ret = -7;
	EQ(once(&q, c, 4), BATCH_DONE);
	EQ(c[1].ret, -7);
	EQ(c[2].ret, -EBADF);
	EQ(c[3].ret, getppid());
}

/* Numbers: what is no call is ENOSYS, refused ones are refused, pseudo calls run. */
static void numbers(void)
{
	int64_t x = 5, y = 6;
	call_t c[] = {
		C_(1023, 0, 0, 0), C_((int16_t)(1 << 10 | 1023), 0, 0, 0),
		C_(BATCH_NR_WDCPY, 0, 0, 0, P(&y), P(&x)),
		C_(-1, 0, 0, 0), C_(-4, 0, 0, 0),
		REF(1, setuid, 0),
	};
	struct batch_req q = {};

	c[1].arg[0] = 0;
	c[5].arg[0] = 0;
	EQ(once(&q, c, 6), -EOPNOTSUPP);
	EQ(c[0].ret, -ENOSYS);
	EQ(c[1].ret, -ENOSYS);
	EQ(y, 5);
	EQ(c[3].ret, -ENOSYS);
	EQ(c[4].ret, -ENOSYS);
	EQ(q.pos, 5);
	EQ(c[5].ret, NOTRUN);
}

/* Indices count from the request's first entry, wherever it goes on. */
static void going_on(void)
{
	call_t c[] = { C_(BATCH_NR_CONST, 0, 0, 0, -1), CALL(getpid),
		       REF(1, close, 0), REF(1, dup, 1) };
	struct batch_req q = { .pos = 2 };
	char *m = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	call_t *d = (call_t *)(m + 4096) - 1;

	c[0].ret = -1;
	c[1].ret = -2;
	EQ(once(&q, c, 4), BATCH_DONE);
	EQ(c[2].ret, -EBADF);
	EQ(c[3].ret, -EBADF);
	EQ(c[0].ret, -1);
	/* the slot referred to is gone */
	d[0] = CALL(getpid);
	d[1] = REF(1, close, 0);
	munmap(m, 4096);
	q = (struct batch_req){ .pos = 1 };
	EQ(once(&q, d, 2), BATCH_DONE);
	EQ(d[1].ret, -EFAULT);
	munmap(m + 4096, 4096);
}

/* Without the flag such numbers are no calls. */
static void without_the_flag(void)
{
	call_t c[] = { CALL(getpid), REF(1, getppid, 0) };
	struct batch_req q = {};

	run_flags = 0;
	EQ(once(&q, c, 2), BATCH_DONE);
	run_flags = BATCH_REFS;
	EQ(c[1].ret, -ENOSYS);
}

int main(void)
{
	dev = open_batch();
	run_flags = BATCH_REFS;
	TEST(known);
	TEST(chain);
	TEST(every_argument);
	TEST(bad_indices);
	TEST(entries_that_did_not_run);
	TEST(numbers);
	TEST(going_on);
	TEST(without_the_flag);
	return tests_end();
}
