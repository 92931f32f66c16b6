// SPDX-License-Identifier: GPL-2.0-only
/*
 * seedfaults.c - the ends of the seed's interface (slot=1): degenerate
 * batches, bad pointers, and what the seed's own implementation gets wrong.
 */
#include "batch.h"
#include "seed.h"

#include <sys/mman.h>

static void degenerate(void)
{
	struct scall c[2] = { S(SYS_getuid, 0, 0, 0, 0), S(SYS_getuid, 0, 0, 0, 0) };
	long r[2] = { MARK, MARK };

	EQ(seed(r, c, 0), 0);
	EQ(r[0], MARK);
	EQ(seed(r, c, 1), 0);
	EQ(r[0], getuid());
	EQ(r[1], MARK);
}

/* Bad pointers: EFAULT for calls; results that cannot be stored kill. */
static void bad_pointers(void)
{
	struct scall c[1] = { S(SYS_getuid, 0, 0, 0, 0) };
	long r = MARK;
	int status;
	pid_t pid;

	EQ(seed(&r, NULL, 1), -1);
	EQ(errno, EFAULT);
	EQ(r, MARK);
	EQ(seed(&r, (struct scall *)-64L, 1), -1);
	EQ(errno, EFAULT);
	pid = fork();
	if (!pid) {
		seed(NULL, c, 1);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	c[0] = S(WD, 0, 0, 0, 2, 8, P(&r));
	r = 5;
	{
		long rr = MARK;

		EQ(seed(&rr, c, 1), 0);
		EQ(rr, -EFAULT);
	}
}

/* Arguments beyond argc are 0. */
static void argument_count(void)
{
	struct scall c[1] = { S(SYS_dup, 0, 0, 0, 0, 777) };
	long r[1];

	EQ(seed(r, c, 1), 0);
	CHECK(r[0] >= 0, "dup(0) gives %ld", r[0]);
	close(r[0]);
}

/* A word copy after a taken jump is not a jump itself. */
static void word_copy_after_a_jump(void)
{
	long a = 3, b = 4, r[4] = { MARK, MARK, MARK, MARK };
	struct scall c[4] = {
		S(SYS_close, 1, 0, 0, 1, -1),
		S(SYS_getpid, 0, 0, 0, 0),
		S(WD, 0, 0, 0, 2, P(&b), P(&a)),
		S(SYS_getppid, 0, 0, 0, 0),
	};

	EQ(seed(r, c, 4), 3);
	EQ(b, 3);
	EQ(r[1], MARK);
	EQ(r[3], getppid());
}

/* Jumps past the end, and results that are not to be touched. */
static void jumps_past_the_end(void)
{
	static const short jumps[] = { 1, 2, 1000, 32767 };
	long r[4096 / sizeof(long)];
	struct scall c[3] = { S(SYS_getpid, 0, 0, 0, 0),
			      S(SYS_getpid, 0, 0, 0, 0),
			      S(SYS_getpid, 0, 0, 0, 0) };

	for (unsigned int k = 0; k < sizeof(jumps) / sizeof(jumps[0]); k++) {
		for (unsigned int i = 0; i < sizeof(r) / sizeof(r[0]); i++)
			r[i] = MARK;
		c[1].pos = jumps[k];
		EQ(seed(r, c, 3), 1);
		EQ(r[0], getpid());
		EQ(r[1], getpid());
		for (unsigned int i = 2; i < sizeof(r) / sizeof(r[0]); i++)
			EQ(r[i], MARK);
	}
}

static void every_negative_jump_ends(void)
{
	static const short jumps[] = { -1, -2, -7, -32768 };
	long r[3];

	for (unsigned int k = 0; k < sizeof(jumps) / sizeof(jumps[0]); k++) {
		struct scall c[3] = { S(SYS_getpid, 0, 0, 0, 0),
				      S(SYS_getpid, 0, 0, jumps[k], 0),
				      S(SYS_getpid, 0, 0, 0, 0) };

		r[2] = MARK;
		EQ(seed(r, c, 3), 1);
		EQ(r[2], MARK);
	}
}

/* Numbers that are refused, unknown, or have too many arguments: ENOSYS. */
static void rejected_numbers(void)
{
	static const struct { short nr; char argc; } k[] = {
		{ SYS_execve, 0 }, { SYS_exit_group, 1 }, { 183, 3 }, { -9, 0 },
		{ -1, 0 }, { 600, 0 }, { 2000, 0 }, { 32767, 0 },
		{ SYS_getpid, 7 }, { SYS_getpid, 127 },
	};

	for (unsigned int i = 0; i < sizeof(k) / sizeof(k[0]); i++) {
		struct scall c[3] = { S(k[i].nr, 1, 0, 0, k[i].argc),
				      S(SYS_getpid, 0, 0, 0, 0),
				      S(SYS_getppid, 0, 0, 0, 0) };
		long r[3] = { MARK, MARK, MARK };

		EQ(seed(r, c, 3), 2);
		EQ(r[0], -ENOSYS);
		EQ(r[1], MARK);
		EQ(r[2], getppid());
	}
}

/* n times an entry's size overflows a word: runs into the end of memory. */
static void huge_counts(void)
{
	long r[3] = { MARK, MARK, MARK };
	char *m = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct scall *end = (struct scall *)(m + 4096 - 128);

	munmap(m + 4096, 4096);
	end[0] = end[1] = S(SYS_getpid, 0, 0, 0, 0);
	EQ(seed(r, end, (1UL << 58) + 1), -1);
	EQ(errno, EFAULT);
	EQ(r[1], getpid());
	EQ(r[2], MARK);
	munmap(m, 4096);
}

int main(void)
{
	TEST(degenerate);
	TEST(bad_pointers);
	TEST(argument_count);
	TEST(word_copy_after_a_jump);
	TEST(jumps_past_the_end);
	TEST(every_negative_jump_ends);
	TEST(rejected_numbers);
	TEST(huge_counts);
	return tests_end();
}
