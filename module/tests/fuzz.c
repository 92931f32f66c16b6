// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz.c SECONDS SEED [slot] - garbage: requests, entries, pointers; while
 * other threads write the entries, unmap and protect them. Nothing is
 * compared: the kernel must survive and say nothing, which its log tells. With
 * "slot" it is the seed's system call that gets the garbage.
 */
#include "batch.h"

#include <pthread.h>
#include <signal.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

enum { PAGES = 8, SIZE = PAGES * 4096 };

static char *mem;
static volatile bool stop;
static bool slot;

static uint64_t next(uint64_t *s)
{
	uint64_t z = *s += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint64_t wild(uint64_t *s)
{
	static const uint64_t w[] = {
		0, 1, 8, 64, 4095, 4096, 1UL << 31, 1UL << 32, 1UL << 47,
		(1UL << 47) - 8, (1UL << 47) - 4096, 1UL << 56, 1UL << 63,
		-1UL, -8UL, -64UL, -4096UL, 0xffffffff81000000,
		0xffff888000000000, 0xffffffffff600000, 0x7fff,
	};

	switch (next(s) % 4) {
	case 0:
		return w[next(s) % (sizeof(w) / sizeof(w[0]))];
	case 1:
		return next(s);
	case 2:
		return next(s) % 16;
	}
	return P(mem) + next(s) % (SIZE + 256) - 128;
}

/* Not the ones whose only effect is to end or to hang the fuzzer itself. */
static bool tame(int nr)
{
	switch (nr) {
	case SYS_nanosleep: case SYS_clock_nanosleep: case SYS_munmap:
	case SYS_mremap: case SYS_brk: case SYS_mprotect: case SYS_mmap:
	case SYS_sync: case SYS_syncfs: case SYS_mlockall:
	case SYS_madvise:
		return false;
	}
	return true;
}

static void entry(call_t *c, uint64_t *s)
{
	do {
		switch (next(s) % 8) {
		case 0:
			c->nr = next(s);
			break;
		case 1:
			c->nr = -(int)(next(s) % 5);
			break;
		default:
			c->nr = next(s) % 480;
		}
	} while (!tame(c->nr));
	c->jneg = next(s) % 3 ? next(s) % 4 : next(s);
	c->jzero = next(s) % 3 ? next(s) % 4 : next(s);
	c->jpos = next(s) % 3 ? next(s) % 4 : next(s);
	for (int i = 0; i < 6; i++)
		c->arg[i] = wild(s);
}

static void *vandal(void *arg)
{
	uint64_t s = (uint64_t)arg;

	while (!stop) {
		char *page = mem + next(&s) % PAGES * 4096;

		switch (next(&s) % 6) {
		case 0:
			munmap(page, 4096);
			break;
		case 1:
			mprotect(page, 4096, next(&s) % 8);
			break;
		case 2:
		case 3:
			mmap(page, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE |
			     MAP_ANONYMOUS | MAP_FIXED, -1, 0);
			break;
		case 4: {
			/* through the kernel: the page may be gone */
			call_t c;

			entry(&c, &s);
			poke(P(page) + next(&s) % 64 * 64, &c, sizeof(c));
			break;
		}
		default: {
			uint64_t v = wild(&s);

			poke(P(page) + next(&s) % 512 * 8, &v, 8);
		}
		}
	}
	return NULL;
}

static void ignore(int sig) { (void)sig; }

/* One child fuzzes until its time is over or a call hangs or kills it. */
static void child(uint64_t seed, volatile unsigned long *count, double until)
{
	struct rlimit lim = { 1 << 20, 1 << 20 };
	struct itimerval it = { { 0, 3000 }, { 0, 3000 } };
	pthread_t t;
	uint64_t s = seed;

	setrlimit(RLIMIT_FSIZE, &lim);
	lim.rlim_cur = lim.rlim_max = 256 << 20;
	setrlimit(RLIMIT_AS, &lim);
	lim.rlim_cur = lim.rlim_max = 600;
	setrlimit(RLIMIT_NOFILE, &lim);
	for (int i = 1; i < 32; i++)
		if (i != SIGSEGV && i != SIGBUS && i != SIGKILL)
			signal(i, ignore);
	mem = mmap((void *)0x100000000000, SIZE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	pthread_create(&t, NULL, vandal, (void *)next(&s));
	setitimer(ITIMER_REAL, &it, NULL);
	for (;;) {
		struct batch_req q = {
			.calls = next(&s) % 8 ? P(mem) + next(&s) % (SIZE / 2) / 8 * 8
					      : wild(&s),
			.n = next(&s) % 16 ? next(&s) % 64 : next(&s),
			.pos = next(&s) % 4 ? 0 : next(&s) % 80,
			.state = next(&s) % 4 ? 0 : next(&s) % 5,
			.res = wild(&s),
			.flags = next(&s) % 16 ? next(&s) % 2 * BATCH_REFS : next(&s),
			.stride = next(&s) % 4 ? 64 : next(&s) % 600 / 8 * 8,
			.last = next(&s),
		};
		struct timespec ts;
		call_t c[4];

		for (int i = 0; i < 4; i++)
			entry(&c[i], &s);
		poke(q.calls, c, sizeof(c));
		if (slot)
			raw6(183, next(&s) % 4 ? P(mem) + SIZE / 2 : wild(&s),
			     q.calls, q.n, next(&s), next(&s), 0);
		else if (next(&s) % 16 == 0)
			raw6(SYS_ioctl, dev, BATCH_RUN, wild(&s), 0, 0, 0);
		else if (next(&s) % 16 == 0)
			raw6(SYS_ioctl, dev, BATCH_INFO, wild(&s), 0, 0, 0);
		else
			raw6(SYS_ioctl, dev, BATCH_RUN, P(&q), 0, 0, 0);
		++*count;
		clock_gettime(CLOCK_MONOTONIC, &ts);
		if (ts.tv_sec + ts.tv_nsec / 1e9 > until)
			_exit(0);
	}
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	int seconds = argc > 1 ? atoi(argv[1]) : 10;
	uint64_t seed = argc > 2 ? atoll(argv[2]) : 1;
	volatile unsigned long *count = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
					     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	double end = now() + seconds;
	unsigned long rounds = 0, before = 0;
	char dir[64];

	slot = argc > 3;
	dev = open_batch();
	snprintf(dir, sizeof(dir), "/tmp/fuzz%d", getpid());
	if (mkdir(dir, 0700) || chdir(dir))
		return 1;
	while (now() < end) {
		double slice = now() + 1.0 < end ? now() + 1.0 : end;
		pid_t pid = fork();
		int status;

		if (!pid) {
			/* what entries print is nobody's business */
			int null = open("/dev/null", O_RDWR);

			for (int i = 0; i < 3; i++)
				dup2(null, i);
			setpgid(0, 0);
			child(seed + ++rounds * 1000003, count, slice);
		}
		rounds++;
		while (waitpid(pid, &status, WNOHANG) == 0) {
			if (now() > slice + 0.5) {
				kill(pid, SIGKILL);
				waitpid(pid, &status, 0);
				break;
			}
			usleep(5000);
		}
	}
	before = *count;
	printf("FUZZ seconds=%d requests=%lu rounds=%lu seed=%llu\n", seconds,
	       before, rounds, (unsigned long long)seed);
	return before < 100;
}
