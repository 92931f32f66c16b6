// SPDX-License-Identifier: GPL-2.0-only
/*
 * policy.c - the list in force. "wide": kill is allowed and getpid is not;
 * "plain": the other way round, as compiled in.
 */
#include "batch.h"

static bool wide;

static void runs(int nr, bool may)
{
	call_t c[] = { C_(nr, 0, 0, 0, 0x7fffffff, 0) };
	struct batch_req q = { .calls = P(c), .n = 1, .stride = 64 };
	struct batch_info i = {};
	long r = raw6(SYS_ioctl, dev, BATCH_RUN, P(&q), 0, 0, 0);

	EQ(r, may ? BATCH_DONE : -EOPNOTSUPP);
	EQ(c[0].ret != NOTRUN, may);
	EQ(ioctl(dev, BATCH_INFO, &i), 0);
	EQ(i.allow[nr / 64] >> nr % 64 & 1, may);
}

static void widened(void)
{
	runs(SYS_kill, wide);
}

static void narrowed(void)
{
	runs(SYS_getpid, !wide);
}

static void never(void)
{
	runs(SYS_exit_group, false);
	runs(SYS_ioctl, false);
}

int main(int argc, char **argv)
{
	wide = argc > 1 && !strcmp(argv[1], "wide");
	dev = open_batch();
	TEST(widened);
	TEST(narrowed);
	TEST(never);
	return tests_end();
}
