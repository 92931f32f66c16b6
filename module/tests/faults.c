// SPDX-License-Identifier: GPL-2.0-only
/*
 * faults.c - what the seed gets wrong, each as a test of /dev/batch. (What it
 * gets wrong about watched tasks, restart codes and blocking is tested where
 * those are; faults.list says where each is.)
 */
#include "batch.h"

#include <sys/mman.h>

/*
 * A copy after a taken jump is not a jump itself, here or in the reference.
 */
static void word_copy_after_a_jump(void)
{
	int64_t a = 1, b = 2;
	call_t c[] = { C_(SYS_close, 1, 0, 0, -1), CALL(getpid),
		       WDCPY(&b, &a, 0), CALL(getppid), CALL(getpid) };
	call_t r[] = { C_(SYS_close, 1, 0, 0, -1), CALL(getpid),
		       WDCPY(&b, &a, 0), CALL(getppid), CALL(getpid) };
	struct batch_req q = {};

	EQ(once(&q, c, 5), BATCH_DONE);
	EQ(b, 1);
	EQ(c[3].ret, getppid());
	EQ(c[4].ret, getpid());
	EQ(c[1].ret, NOTRUN);
	EQ(ref_run(r, 5, sizeof(*r)), 4);
	for (int i = 0; i < 5; i++)
		EQ(c[i].ret, r[i].ret);
}

/* Slots of entries that did not run are not touched, whatever is in them. */
static void skipped_slots_keep_their_value(void)
{
	static const int64_t marks[] = { 0, -1, 7, NOTRUN, INT64_MAX };

	for (unsigned int i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		call_t c[] = { C_(SYS_getpid, 0, 0, 2), CALL(getpid),
			       CALL(getpid), C_(SYS_getpid, 0, 0, -1),
			       CALL(getpid) };
		struct batch_req q = {};

		c[1].ret = c[2].ret = c[4].ret = marks[i];
		EQ(once(&q, c, 5), BATCH_DONE);
		EQ(q.last, 3);
		EQ(c[1].ret, marks[i]);
		EQ(c[2].ret, marks[i]);
		EQ(c[4].ret, marks[i]);
	}
}

/*
 * A jump past the end ends the batch. Nothing is written beyond the entries,
 * and nothing read: the next page is not there.
 */
static void jumps_past_the_end(void)
{
	static const short jumps[] = { 1, 2, 3, 63, 64, 1000, 32767 };
	char *m = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(m + 8192, 4096);
	for (unsigned int i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
		call_t *c = (call_t *)(m + 4096 - 2 * sizeof(call_t));
		struct batch_req q = {};

		memset(m, 0x5a, 8192);
		c[0] = CALL(getpid);
		c[1] = C_(SYS_getpid, 0, 0, jumps[i]);
		EQ(once(&q, c, 2), BATCH_DONE);
		EQ(q.last, 1);
		for (int k = 0; k < 4096; k++)
			EQ(m[4096 + k], 0x5a);
		for (int k = 0; k < 4096 - 128; k++)
			EQ(m[k], 0x5a);
		/* at the very end of memory */
		c = (call_t *)(m + 8192 - 2 * sizeof(call_t));
		c[0] = C_(SYS_getpid, 0, 0, jumps[i]);
		c[1] = CALL(getppid);
		q = (struct batch_req){};
		EQ(once(&q, c, 2), BATCH_DONE);
		EQ(q.last, 0);
		EQ(c[1].ret, NOTRUN);
	}
	munmap(m, 8192);
}

static void every_negative_jump_ends(void)
{
	static const short js[] = { -1, -2, -3, -100, -32768 };

	for (unsigned int i = 0; i < 5; i++) {
		call_t c[] = { CALL(getpid), C_(SYS_getpid, 0, 0, js[i]),
			       CALL(getpid) };
		struct batch_req q = {};

		EQ(once(&q, c, 3), BATCH_DONE);
		EQ(q.last, 1);
		EQ(c[2].ret, NOTRUN);
	}
}

/* A number that is no call is ENOSYS here and in plain calls. */
static void unknown_numbers(void)
{
	static const short nrs[] = { -1, -4, -100, -32768, 600, 1023, 1024,
				     5000, 32767 };

	for (unsigned int i = 0; i < sizeof(nrs) / sizeof(nrs[0]); i++) {
		call_t c[] = { C_(nrs[i], 1, 0, 0), CALL(getpid),
			       CALL(getppid) };
		struct batch_req q = {};

		EQ(once(&q, c, 3), BATCH_DONE);
		EQ(c[0].ret, -ENOSYS);
		EQ(c[0].ret, raw6(nrs[i], 0, 0, 0, 0, 0, 0));
		EQ(c[1].ret, NOTRUN);
		EQ(q.last, 2);
	}
}

/*
 * Around the end of the kernel's table, wherever that is: what the kernel does
 * not know is ENOSYS, the first number behind the table too.
 */
static void numbers_at_the_end_of_the_table(void)
{
	int first = 0;

	for (int nr = 440; nr < 1100; nr++) {
		call_t c[] = { C_(nr, 1, 0, 0, -1, -1, -1, -1, -1, -1),
			       CALL(getpid), CALL(getppid) };
		struct batch_info i = {};
		struct batch_req q = {};
		bool known;

		EQ(ioctl(dev, BATCH_INFO, &i), 0);
		/* numbers above the last that may be an entry make no harm */
		known = nr < 480 && raw6(nr, -1, -1, -1, -1, -1, -1) != -ENOSYS;
		if (known)
			continue;
		if (once(&q, c, 3) == -EOPNOTSUPP) {
			/* in the table, but not in this kernel, and not allowed */
			CHECK(nr < 480, "call %d", nr);
			EQ(q.pos, 0);
			EQ(c[0].ret, NOTRUN);
			continue;
		}
		if (!first)
			first = nr;
		EQ(c[0].ret, -ENOSYS);
		EQ(c[1].ret, NOTRUN);
		EQ(c[2].ret, getppid());
	}
	CHECK(first > 440 && first < 480, "%d", first);
}

/* Regression: ncall * 72 overflowed; n has no limit and no allocation. */
static void huge_counts(void)
{
	call_t c[] = { CALL(getpid), C_(SYS_getpid, -1, -1, -1) };
	struct batch_req q = {};

	EQ(once(&q, c, -1U), BATCH_DONE);
	EQ(q.last, 1);
	q = (struct batch_req){ .pos = 0x38e38e3a };
	EQ(once(&q, c, -1U), -EFAULT);
	EQ(q.pos, 0x38e38e3a);
}

int main(void)
{
	dev = open_batch();
	TEST(word_copy_after_a_jump);
	TEST(skipped_slots_keep_their_value);
	TEST(jumps_past_the_end);
	TEST(every_negative_jump_ends);
	TEST(unknown_numbers);
	TEST(numbers_at_the_end_of_the_table);
	TEST(huge_counts);
	return tests_end();
}
