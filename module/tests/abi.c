// SPDX-License-Identifier: GPL-2.0-only
/* abi.c - one request at a time: what the interface promises, word by word. */
#include "batch.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void info(void)
{
	struct batch_info i = {};

	EQ(ioctl(dev, BATCH_INFO, &i), 0);
	EQ(i.abi, BATCH_ABI);
	EQ(i.max_stride, BATCH_MAX_STRIDE);
	EQ(i.nbits, BATCH_ALLOW_BITS);
	CHECK(i.features & BATCH_F_WIDTHS);
	CHECK(i.allow[SYS_read / 64] >> SYS_read % 64 & 1);
	CHECK(!(i.allow[SYS_ioctl / 64] >> SYS_ioctl % 64 & 1));
	CHECK(!(i.allow[SYS_clone / 64] >> SYS_clone % 64 & 1));
	CHECK(!(i.allow[SYS_setuid / 64] >> SYS_setuid % 64 & 1));
	for (int nr = 480; nr < BATCH_ALLOW_BITS; nr++)
		CHECK(!(i.allow[nr / 64] >> nr % 64 & 1), "bit %d", nr);
	EQ(ioctl(dev, BATCH_INFO, (void *)8), -1);
	EQ(errno, EFAULT);
	EQ(ioctl(dev, _IO(BATCH_IOC_MAGIC, 0x53)), -1);
	EQ(errno, ENOTTY);
}

static void straight(void)
{
	call_t c[] = { CALL(getpid), CALL(getppid), CALL(close, -1) };
	struct batch_req q = {};

	EQ(once(&q, c, 3), BATCH_DONE);
	EQ(c[0].ret, getpid());
	EQ(c[1].ret, getppid());
	EQ(c[2].ret, -EBADF);
	EQ(q.last, 2);
	EQ(q.pos, 3);
	EQ(q.state, BATCH_START);
}

static void empty(void)
{
	struct batch_req q = { .last = 77 };
	call_t c[] = { CALL(getpid) };

	EQ(once(&q, NULL, 0), BATCH_DONE);
	EQ(q.last, 77);
	q.pos = 5;
	EQ(once(&q, c, 1), BATCH_DONE);
	EQ(c[0].ret, NOTRUN);
	EQ(q.last, 77);
	q.pos = -1U;
	EQ(once(&q, c, -1U), BATCH_DONE);
}

static void six_arguments(void)
{
	int fd = memfd_create("six", 0);
	call_t c[] = {
		CALL(write, fd, P("abcdefgh"), 8),
		CALL(mmap, 0, 4096, PROT_READ, MAP_SHARED, fd, 0),
		CALL(mmap, 0, 4096, PROT_READ, MAP_SHARED, fd, 1),
	};
	struct batch_req q = {};

	EQ(once(&q, c, 3), BATCH_DONE);
	EQ(c[0].ret, 8);
	CHECK(c[1].ret > 0);
	EQ(memcmp((void *)c[1].ret, "abcdefgh", 8), 0);
	EQ(c[2].ret, -EINVAL);
	munmap((void *)c[1].ret, 4096);
	close(fd);
}

static void jumps(void)
{
	/* negative class jumps over one, zero over two, positive over none */
	call_t c[] = {
		C_(SYS_close, 1, 0, 0, -1),		/* 0: error: to 2 */
		CALL(getpid),				/* 1: skipped */
		C_(SYS_getppid, -1, -1, 0),		/* 2: positive: to 3 */
		C_(BATCH_NR_CONST, 0, 2, 0, 0),		/* 3: zero: to 6 */
		CALL(getpid), CALL(getpid),		/* 4, 5: skipped */
		C_(BATCH_NR_CONST, 0, 0, 32767, 9),	/* 6: past the end */
		CALL(getpid),				/* 7: not run */
	};
	struct batch_req q = {};

	EQ(once(&q, c, 8), BATCH_DONE);
	EQ(c[0].ret, -EBADF);
	EQ(c[1].ret, NOTRUN);
	EQ(c[2].ret, getppid());
	EQ(c[3].ret, 0);
	EQ(c[4].ret, NOTRUN);
	EQ(c[5].ret, NOTRUN);
	EQ(c[6].ret, 9);
	EQ(c[7].ret, NOTRUN);
	EQ(q.last, 6);
}

static void jump_to_the_last(void)
{
	call_t c[] = { C_(SYS_getpid, 0, 0, 1), CALL(getpid), CALL(getppid) };
	struct batch_req q = {};

	EQ(once(&q, c, 3), BATCH_DONE);
	EQ(c[1].ret, NOTRUN);
	EQ(c[2].ret, getppid());
	EQ(q.last, 2);
}

/* The class of a large negative result that is no error is "positive". */
static void sign_classes(void)
{
	static const struct { int64_t val; int last; } k[] = {
		{ -1, 1 }, { -4095, 1 }, { -4096, 3 }, { INT64_MIN + 1, 3 },
		{ 0, 2 }, { 1, 3 }, { INT64_MAX, 3 }, { -512, 1 },
	};

	for (unsigned int i = 0; i < sizeof(k) / sizeof(k[0]); i++) {
		call_t c[] = {
			C_(BATCH_NR_CONST, 0, 1, 2, k[i].val),
			C_(BATCH_NR_CONST, -1, -1, -1, 1),
			C_(BATCH_NR_CONST, -1, -1, -1, 2),
			C_(BATCH_NR_CONST, -1, -1, -1, 3),
		};
		struct batch_req q = {};

		EQ(once(&q, c, 4), BATCH_DONE);
		EQ(c[0].ret, k[i].val);
		EQ(q.last, k[i].last);
	}
}

static void refused_numbers(void)
{
	static const short nrs[] = {
		SYS_exit, SYS_exit_group, SYS_clone, SYS_execve,
		SYS_rt_sigreturn, SYS_restart_syscall, SYS_ptrace,
		SYS_seccomp, SYS_ioctl, SYS_prctl, SYS_userfaultfd,
		SYS_io_uring_enter, SYS_bpf, SYS_init_module, SYS_setuid,
		SYS_kill, SYS_reboot, SYS_unshare,
#ifdef SYS_afs_syscall
		SYS_afs_syscall, SYS_fork, SYS_vfork, SYS_arch_prctl,
		SYS_iopl,
#endif
	};

	for (unsigned int i = 0; i < sizeof(nrs) / sizeof(nrs[0]); i++) {
		call_t c[] = { CALL(getpid), C_(nrs[i], 0, 0, 0),
			       CALL(getppid) };
		struct batch_req q = {};

		EQ(once(&q, c, 3), -EOPNOTSUPP);
		EQ(c[0].ret, getpid());
		EQ(c[1].ret, NOTRUN);
		EQ(c[2].ret, NOTRUN);
		EQ(q.pos, 1);
		EQ(q.last, 0);
		EQ(q.state, BATCH_START);
	}
}

static void widths(void)
{
	static const uint64_t src = 0xfedcba9887654381;
	static const struct { int w; int64_t want; } k[] = {
		{ 0, (int64_t)0xfedcba9887654381 },
		{ 8, (int64_t)0xfedcba9887654381 },
		{ -8, (int64_t)0xfedcba9887654381 },
		{ 4, 0x87654381 }, { -4, (int64_t)0xffffffff87654381 },
		{ 2, 0x4381 }, { -2, 0x4381 },
		{ 1, 0x81 }, { -1, (int64_t)0xffffffffffffff81 },
	};

	for (unsigned int i = 0; i < sizeof(k) / sizeof(k[0]); i++) {
		int64_t dst = -1, ref = -1;
		call_t c[] = { WDCPY(&dst, &src, k[i].w) };
		call_t r[] = { WDCPY(&ref, &src, k[i].w) };
		struct batch_req q = {};

		c[0].jzero = -1;	/* not looked at */
		EQ(once(&q, c, 1), BATCH_DONE);
		EQ(c[0].ret, 0);
		EQ(dst, k[i].want);
		ref_run(r, 1, sizeof(call_t));
		EQ(ref, k[i].want);
	}
	{
		int64_t dst = 5;
		call_t c[] = { WDCPY(&dst, &src, 3), CALL(getpid) };
		struct batch_req q = {};

		c[0].jneg = -1;
		EQ(once(&q, c, 2), BATCH_DONE);
		EQ(c[0].ret, -EINVAL);
		EQ(dst, 5);
		EQ(q.last, 0);
	}
}

static void word_copies_chain(void)
{
	char path[] = "/proc/self/status", buf[64];
	call_t c[5] = {
		STOP(openat, AT_FDCWD, P(path), O_RDONLY),
		{ 0 }, { 0 },
		STOP(read, -1, P(buf), sizeof(buf)),
		STOP(close, -1),
	};
	struct batch_req q = {};

	c[1] = WDCPY(&c[3].arg[0], &c[0].ret, 0);
	c[2] = WDCPY(&c[4].arg[0], &c[0].ret, -4);
	c[1].jzero = c[2].jpos = -1;
	EQ(once(&q, c, 5), BATCH_DONE);
	CHECK(c[0].ret > 2);
	EQ(c[3].ret, 64);
	EQ(memcmp(buf, "Name:", 5), 0);
	EQ(c[4].ret, 0);
	EQ(fcntl(c[0].ret, F_GETFD), -1);
}

static void word_copy_faults(void)
{
	int64_t x = 7;
	call_t c[] = {
		WDCPY(&x, 8, 0), WDCPY(8, &x, 0), WDCPY(&x, -4096L, 0),
		WDCPY(-4096L, &x, 1), WDCPY(&x, 1UL << 63, 2), CALL(getpid),
	};
	struct batch_req q = {};

	c[4].jneg = -1;
	EQ(once(&q, c, 6), BATCH_DONE);
	for (int i = 0; i < 5; i++)
		EQ(c[i].ret, -EFAULT);
	EQ(x, 7);
	EQ(q.last, 4);
}

static void strides(void)
{
	static const unsigned int s[] = { 64, 72, 128, 200, 4096 };
	static char mem[4096 * 4] __attribute__((aligned(64)));

	for (unsigned int i = 0; i < 5; i++) {
		struct batch_req q = { .stride = s[i] };

		memset(mem, 0x5a, sizeof(mem));
		for (int k = 0; k < 4; k++)
			*call_at(mem, s[i], k) = CALL(getpid);
		EQ(once(&q, mem, 4), BATCH_DONE);
		for (int k = 0; k < 4; k++) {
			call_t *c = call_at(mem, s[i], k);

			EQ(c->ret, getpid());
			for (unsigned int j = 64; j < s[i]; j++)
				EQ(((char *)c)[j], 0x5a);
		}
	}
}

static void bad_requests(void)
{
	static const struct batch_req bad[] = {
		{ .flags = 1, .stride = 64 }, { .flags = -1U, .stride = 64 },
		{ .flags = BATCH_REFS | 1, .stride = 64 }, { .stride = 8 }, { .stride = 63 },
		{ .stride = 65 }, { .stride = 60 }, { .stride = 4104 },
		{ .stride = 0x80000040 }, { .stride = 64, .state = 3 },
		{ .stride = 64, .state = -1U },
	};
	call_t c[] = { CALL(getpid) };
	struct batch_req q;

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		q = bad[i];
		EQ(once(&q, c, 1), -EINVAL);
		EQ(c[0].ret, NOTRUN);
	}
	q = (struct batch_req){ .calls = P(c), .n = 1 };	/* stride 0 */
	EQ(raw6(SYS_ioctl, dev, BATCH_RUN, P(&q), 0, 0, 0), -EINVAL);
	EQ(raw6(SYS_ioctl, dev, BATCH_RUN, 0, 0, 0, 0), -EFAULT);
	EQ(raw6(SYS_ioctl, dev, BATCH_RUN, -8, 0, 0, 0), -EFAULT);
}

int main(void)
{
	dev = open_batch();
	TEST(info);
	TEST(straight);
	TEST(empty);
	TEST(six_arguments);
	TEST(jumps);
	TEST(jump_to_the_last);
	TEST(sign_classes);
	TEST(refused_numbers);
	TEST(widths);
	TEST(word_copies_chain);
	TEST(word_copy_faults);
	TEST(strides);
	TEST(bad_requests);
	return tests_end();
}
