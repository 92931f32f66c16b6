// SPDX-License-Identifier: GPL-2.0-only
/*
 * seed.c - programs against the seed's interface (slot=1): system call 183
 * with an array for results and an array of calls. Each makes its plain calls
 * as well and compares. "absent": the number must answer ENOSYS. "hammer": it does
 * one or the other, while the module comes and goes.
 */
#include "batch.h"
#include "seed.h"

#include <dirent.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

static void present(void)
{
	EQ(seed(NULL, NULL, 0), 0);
}

/* A file summer: open, fstat, mmap by the size found, close, error jumps. */
static long sum_file(const char *path, int *err)
{
	struct stat st = {};
	long r[8] = { 0 }, sum = 0;
	struct scall c[8] = {
		S(SYS_open, -1, 0, 0, 3, P(path), O_RDONLY, 0),
		S(WD, -1, 0, 0, 2, P(&c[3].arg[0]), P(&r[0])),
		S(WD, -1, 0, 0, 2, P(&c[7].arg[0]), P(&r[0])),
		S(SYS_fstat, 3, 0, 0, 2, 0, P(&st)),	/* error: to close */
		S(WD, -1, 0, 0, 2, P(&c[6].arg[1]), P(&st.st_size)),
		S(WD, -1, 0, 0, 2, P(&c[6].arg[4]), P(&r[0])),
		S(SYS_mmap, 0, 0, 0, 6, 0, 0, PROT_READ, MAP_SHARED, 0, 0),
		S(SYS_close, -1, -1, -1, 1, 0),
	};
	long last = seed(r, c, 8);

	*err = 0;
	if (last != 7) {
		*err = -r[last];
		return -1;
	}
	if (r[6] < 0 && r[6] > -4096) {
		*err = -r[6];
		return -1;
	}
	for (long i = 0; i < st.st_size; i++)
		sum += ((unsigned char *)r[6])[i];
	munmap((void *)r[6], st.st_size);
	return sum;
}

static void summer(void)
{
	char path[64], data[3000];
	long want = 0;
	int err, fd, fds0 = dup(0), fds1;

	close(fds0);
	snprintf(path, sizeof(path), "/tmp/sum%d", getpid());
	fd = open(path, O_CREAT | O_RDWR, 0600);
	for (unsigned int i = 0; i < sizeof(data); i++)
		want += (unsigned char)(data[i] = i * 7);
	EQ(write(fd, data, sizeof(data)), sizeof(data));
	close(fd);
	EQ(sum_file(path, &err), want);
	EQ(err, 0);
	EQ(sum_file("/nonexistent", &err), -1);
	EQ(err, ENOENT);
	EQ(sum_file("/tmp", &err), -1);		/* mmap of a directory */
	EQ(err, ENODEV);
	fds1 = dup(0);
	close(fds1);
	EQ(fds1, fds0);
	unlink(path);
}

/* A tree walker that stats in batches, against one that does not. */
static void walk(const char *dir, bool batched, long *n, long *size)
{
	static struct stat st[64];
	char *names[64];
	int k = 0;
	DIR *d = opendir(dir);
	struct dirent *e;

	if (!d)
		return;
	while (k < 64 && (e = readdir(d))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (asprintf(&names[k], "%s/%s", dir, e->d_name) < 0)
			break;
		k++;
	}
	closedir(d);
	if (batched) {
		struct scall c[64];
		long r[64];

		for (int i = 0; i < k; i++)
			c[i] = S(SYS_lstat, 0, 0, 0, 2, P(names[i]), P(&st[i]));
		if (k && seed(r, c, k) != k - 1)
			printf("FAIL walker: batch\n");
	} else {
		for (int i = 0; i < k; i++)
			lstat(names[i], &st[i]);
	}
	for (int i = 0; i < k; i++) {
		(*n)++;
		*size += S_ISREG(st[i].st_mode) ? st[i].st_size : 0;
		st[i].st_nlink = S_ISDIR(st[i].st_mode);
	}
	for (int i = 0; i < k; i++) {
		struct stat s;

		if (!lstat(names[i], &s) && S_ISDIR(s.st_mode))
			walk(names[i], batched, n, size);
		free(names[i]);
	}
}

static void walker(void)
{
	char path[128];
	long n[2] = { 0 }, size[2] = { 0 };

	snprintf(path, sizeof(path), "/tmp/tree%d", getpid());
	mkdir(path, 0700);
	for (int i = 0; i < 20; i++) {
		char f[200];
		int fd;

		snprintf(f, sizeof(f), "%s/d%d", path, i);
		mkdir(f, 0700);
		snprintf(f, sizeof(f), "%s/d%d/f", path, i);
		fd = open(f, O_CREAT | O_RDWR, 0600);
		if (ftruncate(fd, i * 100))
			return;
		close(fd);
	}
	walk(path, true, &n[0], &size[0]);
	walk(path, false, &n[1], &size[1]);
	EQ(n[0], 40);
	EQ(n[0], n[1]);
	EQ(size[0], 19000);
	EQ(size[0], size[1]);
}

/* stat of every argument, good and bad. */
static void stat_arguments(void)
{
	const char *arg[] = { "/", "/tmp", "/nope", "/dev/null", "", NULL,
			      (char *)8 };
	struct stat a[7] = {}, b[7] = {};
	struct scall c[7];
	long r[7];

	for (int i = 0; i < 7; i++)
		c[i] = S(SYS_stat, 0, 0, 0, 2, P(arg[i]), P(&a[i]));
	EQ(seed(r, c, 7), 6);
	for (int i = 0; i < 7; i++) {
		EQ(r[i], raw6(SYS_stat, P(arg[i]), P(&b[i]), 0, 0, 0, 0));
		EQ(a[i].st_ino, b[i].st_ino);
		EQ(a[i].st_mode, b[i].st_mode);
	}
}

/* read, word copy of the count, write; ends at end of file. */
static void read_write(void)
{
	enum { N = 40 };
	static struct scall c[3 * N];
	static long r[3 * N];
	char buf[100], in[3456], out[4000];
	int p[2], q[2];

	EQ(pipe(p), 0);
	EQ(pipe(q), 0);
	for (unsigned int i = 0; i < sizeof(in); i++)
		in[i] = i * 31;
	EQ(write(p[1], in, sizeof(in)), sizeof(in));
	close(p[1]);
	for (int i = 0; i < N; i++) {
		c[3 * i] = S(SYS_read, -1, -1, 0, 3, p[0], P(buf), sizeof(buf));
		c[3 * i + 1] = S(WD, -1, 0, 0, 2, P(&c[3 * i + 2].arg[2]),
				 P(&r[3 * i]));
		c[3 * i + 2] = S(SYS_write, -1, -1, 0, 3, q[1], P(buf), 0);
	}
	EQ(seed(r, c, 3 * N), 105);		/* 35 blocks, then end of file */
	EQ(r[105], 0);
	EQ(r[104], 56);
	EQ(read(q[0], out, sizeof(out)), sizeof(in));
	EQ(memcmp(in, out, sizeof(in)), 0);
	close(p[0]);
	close(q[0]);
	close(q[1]);
}

static void close_list(void)
{
	struct scall c[1024];
	long r[1024];

	for (int i = 0; i < 1024; i++)
		c[i] = S(SYS_close, 0, 0, 0, 1, 700 + i);
	EQ(seed(r, c, 1024), 1023);
	for (int i = 0; i < 1024; i++)
		EQ(r[i], -EBADF);
}

static volatile int hits;
static void hit(int sig) { (void)sig; hits++; }

/* Calls that block, in process context; one that a handler interrupts. */
static void blocking(void)
{
	struct timespec ts = { 0, 50 * 1000 * 1000 };
	struct itimerval it = { { 0, 90000 }, { 0, 30000 } };
	struct sigaction sa = { .sa_handler = hit };
	char ch = 0;
	int p[2];
	struct scall c[3];
	long r[3];
	pid_t pid;

	EQ(pipe(p), 0);
	pid = fork();
	if (!pid) {
		usleep(100000);
		_exit(write(p[1], "x", 1) != 1);
	}
	c[0] = S(SYS_nanosleep, 0, 0, 0, 2, P(&ts), 0);
	c[1] = S(SYS_read, 0, 0, 0, 3, p[0], P(&ch), 1);
	c[2] = S(SYS_getpid, 0, 0, 0, 0);
	EQ(seed(r, c, 3), 2);
	EQ(r[0], 0);
	EQ(r[1], 1);
	EQ(ch, 'x');
	EQ(r[2], getpid());
	waitpid(pid, NULL, 0);

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
	c[0] = S(SYS_read, 0, 0, 0, 3, p[0], P(&ch), 1);
	EQ(seed(r, c, 1), 0);
	setitimer(ITIMER_REAL, &(struct itimerval){ }, NULL);
	EQ(r[0], -EINTR);
	CHECK(hits >= 1);
	close(p[0]);
	close(p[1]);
}

/* ppoll's temporary mask does not stay. */
static void mask_comes_back(void)
{
	struct itimerval it = { .it_value = { 0, 30000 } };
	struct timespec ts = { 0, 0 }, five = { 5, 0 };
	sigset_t block, none, now;
	struct scall c[2];
	long r[2];

	sigemptyset(&none);
	sigemptyset(&block);
	sigaddset(&block, SIGALRM);
	sigprocmask(SIG_BLOCK, &block, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
	c[0] = S(SYS_ppoll, 0, 0, 0, 5, 0, 0, P(&ts), P(&none), 8);
	c[1] = c[0];
	c[0].arg[2] = P(&five);
	EQ(seed(r, c, 2), 1);
	EQ(r[0], -EINTR);
	sigprocmask(SIG_SETMASK, NULL, &now);
	EQ(sigismember(&now, SIGALRM), 1);
	sigprocmask(SIG_UNBLOCK, &block, NULL);
}

/* A task with a filter sees the number as it was before the module. */
static void filtered(void)
{
	struct sock_filter f[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog prog = { 1, f };
	struct scall c[1] = { S(SYS_getpid, 0, 0, 0, 0) };
	pid_t pid = fork();
	int status;
	long r;

	if (!pid) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
			_exit(2);
		_exit(!(seed(&r, c, 1) == -1 && errno == ENOSYS));
	}
	waitpid(pid, &status, 0);
	EQ(status, 0);
}

static volatile bool ended;
static void end(int sig) { (void)sig; ended = true; }

/* Call after call while the module comes and goes, until SIGTERM. */
static void hammered(void)
{
	long served = 0, gone = 0;

	signal(SIGTERM, end);
	while (!ended) {
		struct scall c[2] = { S(SYS_getpid, 0, 0, 0, 0),
				      S(SYS_getppid, 0, 0, 0, 0) };
		long r[2] = { MARK, MARK }, last = seed(r, c, 2);

		if (last == -1) {
			EQ(errno, ENOSYS);
			EQ(r[0], MARK);
			gone++;
			continue;
		}
		EQ(last, 1);
		EQ(r[0], getpid());
		EQ(r[1], getppid());
		served++;
	}
	printf("seed: %ld batches served, %ld not\n", served, gone);
	CHECK(served > 10 && gone > 0);
}

static void absent(void)
{
	EQ(seed(NULL, NULL, 0), -1);
	EQ(errno, ENOSYS);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "absent")) {
		TEST(absent);
		return tests_end();
	}
	if (argc > 1 && !strcmp(argv[1], "hammer")) {
		TEST(hammered);
		return tests_end();
	}
	if (argc > 1 && !strcmp(argv[1], "hold")) {
		int p[2];
		char ch;
		long r;
		struct scall c[1];

		if (pipe(p))
			return 1;
		c[0] = S(SYS_read, 0, 0, 0, 3, p[0], P(&ch), 1);
		puts("holding");
		fflush(stdout);
		return seed(&r, c, 1);
	}
	TEST(present);
	TEST(summer);
	TEST(walker);
	TEST(stat_arguments);
	TEST(read_write);
	TEST(close_list);
	TEST(blocking);
	TEST(mask_comes_back);
	TEST(filtered);
	return tests_end();
}
