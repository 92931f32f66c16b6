// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench.c - cost of calls, plain and in batches. Under qemu's -icount the
 * clock counts instructions (one a nanosecond), so that is what the numbers
 * are; elsewhere they are nanoseconds. Minimum of several rounds.
 */
#include "batch.h"

#include <sys/stat.h>
#include <time.h>

static struct stat st;
static char buf[4096];
static int fd;

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static const int sizes[] = { 1, 2, 4, 8, 16, 64, 256 };

struct work {
	const char *name;
	int per;		/* entries a unit takes */
	call_t c[3];
};

static double plain(const struct work *w, int units)
{
	uint64_t best = -1;

	for (int round = 0; round < 7; round++) {
		uint64_t t0 = now(), t;

		for (int i = 0; i < units; i++) {
			long fdno = 0;

			for (int k = 0; k < w->per; k++) {
				const call_t *c = &w->c[k];
				long a = c->nr == SYS_close && w->per > 1 ? fdno
					: (long)c->arg[0];

				fdno = raw6(c->nr, a, c->arg[1], c->arg[2],
					    c->arg[3], c->arg[4], c->arg[5]);
			}
		}
		t = now() - t0;
		best = t < best ? t : best;
	}
	return best;
}

static double batch(const struct work *w, int units)
{
	static call_t c[3 * 256];
	uint64_t best = -1;
	int n = 0;

	for (int i = 0; i < units; i++) {
		for (int k = 0; k < w->per; k++) {
			c[n] = w->c[k];
			if (w->per == 3 && k == 1)	/* fd from the open */
				c[n] = WDCPY(&c[n + 1].arg[0], &c[n - 1].ret, 0);
			n++;
		}
	}
	for (int round = 0; round < 7; round++) {
		uint64_t t0 = now(), t;
		struct batch_req q = { .calls = P(c), .n = n, .stride = 64 };
		long r;

		while ((r = raw6(SYS_ioctl, dev, BATCH_RUN, P(&q), 0, 0, 0)) ==
		       BATCH_CONTINUE)
			;
		t = now() - t0;
		if (r) {
			printf("BENCH error %ld in %s\n", r, w->name);
			exit(1);
		}
		best = t < best ? t : best;
	}
	return best;
}

/* The same request for ever, for "vmtest profile" to step through. */
static void repeat(unsigned int n)
{
	static call_t c[256];

	for (unsigned int i = 0; i < n && i < 256; i++)
		c[i] = CALL(getppid);
	puts("PROFILE ready");
	fflush(stdout);
	for (;;) {
		struct batch_req q = { .calls = P(c), .n = n, .stride = 64 };

		raw6(SYS_ioctl, dev, BATCH_RUN, P(&q), 0, 0, 0);
	}
}

int main(int argc, char **argv)
{
	static char path[] = "/tmp/bench-file";
	uint64_t clock = -1;
	struct work w[6];

	dev = open_batch();
	if (argc > 1)
		repeat(atoi(argv[1]));
	fd = open(path, O_CREAT | O_RDWR, 0600);
	if (write(fd, buf, sizeof(buf)) != sizeof(buf))
		return 1;
	w[0] = (struct work){ "getppid", 1, { CALL(getppid) } };
	w[1] = (struct work){ "close(-1)", 1, { CALL(close, -1) } };
	w[2] = (struct work){ "fstat", 1, { CALL(fstat, fd, P(&st)) } };
	w[3] = (struct work){ "lstat", 1,
		{ CALL(newfstatat, AT_FDCWD, P(path), P(&st), AT_SYMLINK_NOFOLLOW) } };
	w[4] = (struct work){ "openat+close", 3,
		{ CALL(openat, AT_FDCWD, P(path), O_RDONLY),
		  C_(BATCH_NR_CONST, 0, 0, 0, 0), CALL(close, -1) } };
	w[5] = (struct work){ "pread", 1, { CALL(pread64, fd, P(buf), 4096, 0) } };

	for (int i = 0; i < 100; i++) {
		uint64_t t0 = now(), t = now() - t0;

		clock = t < clock ? t : clock;
	}
	for (int i = 0; i < 6; i++) {
		struct work p = w[i];

		if (p.per == 3) {	/* plain: the open and the close */
			p.per = 2;
			p.c[1] = p.c[2];
		}
		for (unsigned int s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
			plain(&p, sizes[s]);
			batch(&w[i], sizes[s]);
			printf("BENCH c %s %d %.0f %.0f\n", w[i].name, sizes[s],
			       plain(&p, sizes[s]) - clock,
			       batch(&w[i], sizes[s]) - clock);
		}
	}
	return 0;
}
