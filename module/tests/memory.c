// SPDX-License-Identifier: GPL-2.0-only
/*
 * memory.c - entries and slots that are not there or go away, files that are
 * closed between entries, requests without a size.
 */
#include "batch.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>

static void unreadable_entries(void)
{
	char *m = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct batch_req q = {};
	call_t *c = (call_t *)(m + 4096 - 128);
	static const uint64_t wild[] = { 0, 8, 1UL << 47, 1UL << 63, -64UL,
					 -4096UL };

	munmap(m + 4096, 4096);
	c[0] = CALL(getpid);
	c[1] = CALL(getppid);
	EQ(once(&q, c, 3), -EFAULT);
	EQ(q.pos, 2);
	EQ(q.state, BATCH_START);
	EQ(q.last, 1);
	EQ(c[1].ret, getppid());
	for (unsigned int i = 0; i < 6; i++) {
		q = (struct batch_req){};
		EQ(once(&q, (void *)wild[i], 2), -EFAULT);
		EQ(q.pos, 0);
	}
	munmap(m, 4096);
}

/* The slot is probed first: what cannot be recorded is not done. */
static void unwritable_slot(void)
{
	call_t *c = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open("/dev/null", O_RDONLY);
	struct batch_req q = {};

	c[0] = CALL(close, fd);
	mprotect(c, 4096, PROT_READ);
	EQ(once(&q, c, 1), -EFAULT);
	EQ(q.pos, 0);
	EQ(q.state, BATCH_START);
	EQ(fcntl(fd, F_GETFD), 0);
	mprotect(c, 4096, PROT_READ | PROT_WRITE);
	EQ(c[0].ret, NOTRUN);
	munmap(c, 4096);
	close(fd);
}

/* An entry that takes its own slot away: its result comes in the request. */
static void slot_lost_by_its_entry(void)
{
	call_t *c = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct batch_req q = { .res = 99 };

	c[0] = CALL(getpid);
	c[1] = CALL(mprotect, P(c), 4096, PROT_READ);
	c[2] = CALL(getppid);
	EQ(once(&q, c, 3), -EFAULT);
	EQ(q.pos, 1);
	EQ(q.state, BATCH_RAN);
	EQ(q.res, 0);
	mprotect(c, 4096, PROT_READ | PROT_WRITE);
	EQ(c[1].ret, NOTRUN);
	/* the same request goes on: stores, jumps, does nothing twice */
	c[1].nr = SYS_munmap;
	EQ(once(&q, c, 3), BATCH_DONE);
	EQ(c[1].ret, 0);
	EQ(c[2].ret, getppid());
	EQ(q.state, BATCH_START);
	munmap(c, 4096);

	c = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	c[0] = CALL(munmap, P(c), 4096);
	c[1] = CALL(getpid);
	q = (struct batch_req){};
	EQ(once(&q, c, 2), -EFAULT);
	EQ(q.state, BATCH_RAN);
	EQ(q.res, 0);
}

static void own_descriptor_closed(void)
{
	int fd = dup(dev), save = dev;
	call_t c[] = { CALL(close, 0), CALL(close, 0), CALL(getpid) };
	struct batch_req q = {};
	long r;

	fd = open("/dev/batch", O_RDWR);
	CHECK(fd >= 0);
	c[0].arg[0] = c[1].arg[0] = fd;
	dev = fd;
	r = once(&q, c, 3);
	if (r == BATCH_CONTINUE) {	/* without BATCH_F_TASK_WORK */
		dev = save;
		r = once(&q, c, 3);
	}
	dev = save;
	EQ(r, BATCH_DONE);
	EQ(c[0].ret, 0);
	EQ(c[1].ret, -EBADF);
	EQ(c[2].ret, getpid());
}

/* Regression: close() is done with when the next entry runs. */
static void close_then_end_of_file(void)
{
	int p[2], s[2];
	char buf[8];
	struct batch_info i = {};

	EQ(pipe(p), 0);
	EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	ioctl(dev, BATCH_INFO, &i);
	{
		struct pollfd pf = { .fd = s[0], .events = POLLIN };
		call_t c[] = {
			STOP(close, p[1]), STOP(read, p[0], P(buf), 8),
			STOP(close, s[1]), STOP(read, s[0], P(buf), 8),
			STOP(close, p[0]), STOP(close, s[0]), CALL(getpid),
		};
		struct batch_stat st = {};

		(void)pf;
		EQ(batch_go(dev, c, 7, sizeof(call_t), &st), 6);
		EQ(c[1].ret, 0);
		EQ(c[3].ret, 0);
		EQ(c[6].ret, getpid());
		if (i.features & BATCH_F_TASK_WORK)
			EQ(st.again, 0);
	}
}

static void many_entries(void)
{
	size_t n = 20000;
	call_t *c = calloc(n, sizeof(*c));

	for (size_t i = 0; i < n; i++)
		c[i] = CALL(getppid);
	EQ(batch_go(dev, c, n, sizeof(*c), NULL), n - 1);
	for (size_t i = 0; i < n; i++)
		EQ(c[i].ret, getppid());
	free(c);
}

/* Memory cgroup and rseq work must not be put off for ever. */
static void put_off_is_bounded(void)
{
	size_t n = 2000;
	call_t *c = calloc(n, sizeof(*c));
	struct batch_stat st = {};
	struct batch_info i = {};

	ioctl(dev, BATCH_INFO, &i);
	if (!(i.features & BATCH_F_TASK_WORK))
		return;
	for (size_t k = 0; k < n; k++)
		c[k] = CALL(getppid);
	/* not close(): since 6.6 that leaves nothing for later */
	c[0] = CALL(dup3, open("/dev/null", O_RDONLY),
		    open("/dev/zero", O_RDONLY), 0);
	EQ(batch_go(dev, c, n, sizeof(*c), &st), n - 1);
	CHECK(st.again >= 1);
	CHECK(c[0].ret > 2);
	free(c);
}

int main(void)
{
	dev = open_batch();
	TEST(unreadable_entries);
	TEST(unwritable_slot);
	TEST(slot_lost_by_its_entry);
	TEST(own_descriptor_closed);
	TEST(close_then_end_of_file);
	TEST(many_entries);
	TEST(put_off_is_bounded);
	return tests_end();
}
