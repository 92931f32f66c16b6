// SPDX-License-Identifier: GPL-2.0-only
/*
 * security.c - whoever watches or filters a task's calls sees all of them:
 * such tasks are sent away, before anything ran and in the middle. And a call
 * in a batch has no right that the plain call lacks.
 */
#include "batch.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>

#ifndef PTRACE_EVENT_STOP
#define PTRACE_EVENT_STOP 128
#endif
#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#endif

static int dev;

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

/* A filter that fails one call with EPERM and counts nothing. */
static int forbid(int nr, unsigned int flags)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog p = { 4, f };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &p);
}

static long once(struct batch_req *q, call_t *c, unsigned int n)
{
	q->calls = P(c);
	q->n = n;
	q->stride = sizeof(*c);
	return raw6(SYS_ioctl, dev, BATCH_RUN, P(q), 0, 0, 0);
}

/* Filtered: nothing runs; made plainly, the forbidden call fails. */
static void seccomp_is_obeyed_child(void)
{
	call_t c[] = { CALL(getppid), CALL(getpid) };
	struct batch_stat st = {};
	struct batch_req q = {};

	EQ(forbid(SYS_getppid, 0), 0);
	EQ(once(&q, c, 2), -EOPNOTSUPP);
	EQ(c[0].ret, NOTRUN);
	EQ(q.pos, 0);
	EQ(batch_go(dev, c, 2, sizeof(*c), &st), 1);
	EQ(c[0].ret, -EPERM);
	EQ(c[1].ret, getpid());
	EQ(st.plain, 2);
}
IN_CHILD(seccomp_is_obeyed)

/* Even a filter that allows all: it may log, or another may be added. */
static void strict_reading_child(void)
{
	call_t c[] = { CALL(getppid) };
	struct batch_req q = {};

	EQ(forbid(-77, 0), 0);
	EQ(once(&q, c, 1), -EOPNOTSUPP);
	EQ(c[0].ret, NOTRUN);
}
IN_CHILD(strict_reading)

/* PR_SET_SECCOMP as an entry: made plainly, and from there on all is. */
static void filter_installed_by_an_entry_child(void)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog p = { 4, f };
	call_t c[] = {
		CALL(getppid),
		CALL(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
		CALL(prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, P(&p)),
		CALL(getppid), CALL(getpid),
	};
	struct batch_stat st = {};

	EQ(batch_go(dev, c, 5, sizeof(*c), &st), 4);
	EQ(c[0].ret, getppid() < 0 ? c[0].ret : getppid());
	EQ(c[2].ret, 0);
	EQ(c[3].ret, -EPERM);
	EQ(c[4].ret, getpid());
	EQ(st.plain, 4);
}
IN_CHILD(filter_installed_by_an_entry)

static volatile int ready;
static int sync_pipe[2];

static void *tsync(void *arg)
{
	(void)arg;
	usleep(100000);
	ready = forbid(SYS_getppid, SECCOMP_FILTER_FLAG_TSYNC) ? -1 : 1;
	if (write(sync_pipe[1], "x", 1) != 1)
		ready = -1;
	return NULL;
}

/* TSYNC from another thread while an entry blocks: the next one is filtered. */
static void filter_from_another_thread_child(void)
{
	pthread_t t;
	char ch;
	struct batch_stat st = {};
	call_t c[3];

	EQ(pipe(sync_pipe), 0);
	EQ(pthread_create(&t, NULL, tsync, NULL), 0);
	c[0] = CALL(read, sync_pipe[0], P(&ch), 1);
	c[1] = CALL(getppid);
	c[2] = CALL(getpid);
	EQ(batch_go(dev, c, 3, sizeof(*c), &st), 2);
	pthread_join(t, NULL);
	EQ(ready, 1);
	EQ(c[0].ret, 1);
	EQ(c[1].ret, -EPERM);
	EQ(c[2].ret, getpid());
	EQ(st.plain, 2);
}
IN_CHILD(filter_from_another_thread)

/* A call that waits to be continued goes on plainly, and sleeps no longer. */
static void *tsync_silent(void *arg)
{
	(void)arg;
	usleep(50000);
	ready = forbid(SYS_getppid, SECCOMP_FILTER_FLAG_TSYNC) ? -1 : 1;
	return NULL;
}

static void filter_while_asleep_child(void)
{
	pthread_t t;
	pid_t self = getpid(), stopper;
	struct batch_stat st = {};
	struct timespec ts = { 0, 500 * 1000 * 1000 }, t0, t1;
	call_t c[2];

	stopper = fork();
	if (!stopper) {
		usleep(250000);
		kill(self, SIGSTOP);
		usleep(50000);
		_exit(kill(self, SIGCONT));
	}
	EQ(pthread_create(&t, NULL, tsync_silent, NULL), 0);
	c[0] = CALL(nanosleep, P(&ts), 0);
	c[1] = CALL(getppid);
	clock_gettime(CLOCK_MONOTONIC, &t0);
	EQ(batch_go(dev, c, 2, sizeof(*c), &st), 1);
	clock_gettime(CLOCK_MONOTONIC, &t1);
	pthread_join(t, NULL);
	waitpid(stopper, NULL, 0);
	EQ(ready, 1);
	EQ(st.plain, 2);
	EQ(c[0].ret, 0);
	EQ(c[1].ret, -EPERM);
	CHECK((t1.tv_sec - t0.tv_sec) * 1000 +
	      (t1.tv_nsec - t0.tv_nsec) / 1000000 < 700, "slept anew");
}
IN_CHILD(filter_while_asleep)

#ifdef __x86_64__
#define NR(user) ((user).orig_rax)
#else
#define NR(user) ((user).regs[8])
#endif

/*
 * What strace does: stop at every call. Counts the tracee's getppids (its
 * entries are getppids) and its ioctls.
 */
static int trace(pid_t pid, int *getppids)
{
	int status;
	bool in = false;

	for (;;) {
		if (waitpid(pid, &status, 0) != pid)
			return -1;
		if (WIFEXITED(status) || WIFSIGNALED(status))
			return status;
		if (WIFSTOPPED(status) && WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			struct user_regs_struct r;
			struct iovec v = { &r, sizeof(r) };

			ptrace(PTRACE_GETREGSET, pid, 1 /* NT_PRSTATUS */, &v);
			in = !in;
			if (in && (int)NR(r) == SYS_getppid)
				++*getppids;
		}
		ptrace(PTRACE_SYSCALL, pid, 0, 0);
	}
}

static void strace_sees_all(void)
{
	pid_t pid = fork();
	int n = 0;

	if (!pid) {
		call_t c[10];

		raise(SIGSTOP);
		for (int i = 0; i < 10; i++)
			c[i] = CALL(getppid);
		_exit(batch_go(dev, c, 10, sizeof(*c), NULL) != 9);
	}
	waitpid(pid, NULL, WUNTRACED);
	EQ(ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL), 0);
	ptrace(PTRACE_INTERRUPT, pid, 0, 0);
	kill(pid, SIGCONT);
	EQ(trace(pid, &n), 0);
	EQ(n, 10);
}

/* PTRACE_SEIZE while an entry blocks: the rest of the entries are seen. */
static void seized_midway(void)
{
	int p[2], n = 0, status;
	pid_t pid;

	EQ(pipe(p), 0);
	pid = fork();
	if (!pid) {
		call_t c[6];
		char ch;

		c[0] = CALL(getppid);
		c[1] = CALL(read, p[0], P(&ch), 1);
		for (int i = 2; i < 6; i++)
			c[i] = CALL(getppid);
		_exit(batch_go(dev, c, 6, sizeof(*c), NULL) != 5 ||
		      c[1].ret != 1 || ch != 'y');
	}
	usleep(150000);
	EQ(ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL), 0);
	EQ(ptrace(PTRACE_INTERRUPT, pid, 0, 0), 0);
	EQ(waitpid(pid, &status, 0), pid);
	CHECK(WIFSTOPPED(status) && status >> 16 == PTRACE_EVENT_STOP);
	ptrace(PTRACE_SYSCALL, pid, 0, 0);
	EQ(write(p[1], "y", 1), 1);
	EQ(trace(pid, &n), 0);
	EQ(n, 4);
	close(p[0]);
	close(p[1]);
}

/* User dispatch (as by emulators): calls from outside a range raise SIGSYS. */
static char selector = 0;	/* SYSCALL_DISPATCH_FILTER_ALLOW */

static void user_dispatch_child(void)
{
	call_t c[] = { CALL(getppid) };
	struct batch_req q = {};

	if (prctl(PR_SET_SYSCALL_USER_DISPATCH, 1, 0, 0, &selector))
		return;		/* the architecture has none */
	EQ(once(&q, c, 1), -EOPNOTSUPP);
	EQ(c[0].ret, NOTRUN);
	EQ(prctl(PR_SET_SYSCALL_USER_DISPATCH, 0, 0, 0, 0), 0);
	EQ(once(&q, c, 1), BATCH_DONE);
}
IN_CHILD(user_dispatch)

static bool put(const char *path, const char *s)
{
	int fd = open(path, O_WRONLY | O_TRUNC);
	bool ok = fd >= 0 && write(fd, s, strlen(s)) == (ssize_t)strlen(s);

	close(fd);
	return ok;
}

/* The raw_syscalls tracepoints see the entries (root only can set them). */
static void tracepoints_see_all(void)
{
	static char buf[1 << 20];
	call_t c[10];
	struct batch_stat st = {};
	char filter[64];
	int fd, n = 0;
	ssize_t len = 0, k;

	if (geteuid())
		return;
#define T "/sys/kernel/tracing/"
	snprintf(filter, sizeof(filter), "id == %d", SYS_getppid);
	CHECK(put(T "events/raw_syscalls/sys_enter/filter", filter));
	CHECK(put(T "events/raw_syscalls/sys_enter/enable", "1"));
	for (int i = 0; i < 10; i++)
		c[i] = CALL(getppid);
	EQ(batch_go(dev, c, 10, sizeof(*c), &st), 9);
	CHECK(put(T "events/raw_syscalls/sys_enter/enable", "0"));
	EQ(st.plain, 10);
	fd = open(T "trace", O_RDONLY);
	CHECK(fd >= 0);
	while ((k = read(fd, buf + len, sizeof(buf) - 1 - len)) > 0)
		len += k;
	close(fd);
	buf[len] = 0;
	for (char *p = buf; (p = strstr(p, "sys_enter: NR")); p++)
		n++;
	EQ(n, 10);
	put(T "trace", "");
	st = (struct batch_stat){};
	EQ(batch_go(dev, c, 10, sizeof(*c), &st), 9);
	EQ(st.plain, 0);
}

static int audit_send(int s, int type, const void *data, size_t len)
{
	struct {
		struct nlmsghdr h;
		char data[4096];
	} m = { .h = { .nlmsg_len = NLMSG_LENGTH(len), .nlmsg_type = type,
		       .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK } };
	struct {
		struct nlmsghdr h;
		struct nlmsgerr e;
		char rest[4096];
	} a;

	memcpy(m.data, data, len);
	if (send(s, &m, m.h.nlmsg_len, 0) < 0)
		return -errno;
	do {
		if (recv(s, &a, sizeof(a), 0) < 0)
			return -errno;
	} while (a.h.nlmsg_type != NLMSG_ERROR);
	return a.e.error;
}

/*
 * An audit rule on getppid logs the entries, in tasks made after auditing was
 * switched on. (Its records go to the kernel's log, at a level that is not a
 * complaint.)
 */
static void audit_logs_all(void)
{
	int s = geteuid() ? -1 : socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
	struct audit_status on = { .mask = AUDIT_STATUS_ENABLED, .enabled = 1 };
	struct audit_status off = { .mask = AUDIT_STATUS_ENABLED };
	struct audit_rule_data rule = {
		.flags = AUDIT_FILTER_EXIT, .action = AUDIT_ALWAYS,
	}, never = {
		.flags = AUDIT_FILTER_TASK, .action = AUDIT_NEVER,
	};
	char line[8192];
	int status, log, n = 0;
	pid_t pid, audited;

	if (s < 0)
		return;
	rule.mask[AUDIT_WORD(SYS_getppid)] = AUDIT_BIT(SYS_getppid);
	memset(never.mask, 0xff, sizeof(never.mask));
	log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	CHECK(log >= 0);
	lseek(log, 0, SEEK_END);
	EQ(audit_send(s, AUDIT_SET, &on, sizeof(on)), 0);
	EQ(audit_send(s, AUDIT_ADD_RULE, &rule, sizeof(rule)), 0);
	pid = fork();
	if (!pid) {
		call_t c[5];
		struct batch_stat st = {};

		for (int i = 0; i < 5; i++)
			c[i] = CALL(getppid);
		_exit(batch_go(dev, c, 5, sizeof(*c), &st) != 4 || st.plain != 5);
	}
	waitpid(pid, &status, 0);
	audited = pid;
	EQ(audit_send(s, AUDIT_DEL_RULE, &rule, sizeof(rule)), 0);
	/*
	 * Once audit was on, every new task is watched, unless there is this
	 * rule, which an administrator needs too.
	 */
	EQ(audit_send(s, AUDIT_ADD_RULE, &never, sizeof(never)), 0);
	EQ(audit_send(s, AUDIT_SET, &off, sizeof(off)), 0);
	close(s);
	EQ(status, 0);
	pid = fork();
	if (!pid) {
		call_t c[] = { CALL(getppid) };
		struct batch_stat st = {};

		_exit(batch_go(dev, c, 1, sizeof(*c), &st) || st.plain);
	}
	waitpid(pid, &status, 0);
	EQ(status, 0);
	for (int tries = 0; tries < 20 && n < 5; tries++) {
		ssize_t len;

		while ((len = read(log, line, sizeof(line) - 1)) > 0) {
			char want[64];

			line[len] = 0;
			snprintf(want, sizeof(want), " pid=%d ", audited);
			if (strstr(line, "type=1300") && strstr(line, want))
				n++;
		}
		usleep(50000);
	}
	EQ(n, 5);
	close(log);
}

/* Credentials, capabilities, limits: the same call fails the same way. */
static void same_rights(void)
{
	static struct stat st;
	static char buf[512];
	call_t k[] = {
		CALL(openat, AT_FDCWD, P("/proc/1/mem"), O_RDWR),
		CALL(openat, AT_FDCWD, P("/dev/kmsg"), O_RDWR),
		CALL(openat, AT_FDCWD, P("/init"), O_WRONLY),
		CALL(mknodat, AT_FDCWD, P("/tmp/nod"), S_IFCHR | 0600, 0x103),
		CALL(unlinkat, AT_FDCWD, P("/tmp/nod"), 0),
		CALL(fchownat, AT_FDCWD, P("/tmp"), 0, 0, 0),
		CALL(fchmodat, AT_FDCWD, P("/dev/null"), 0666),
		CALL(setxattr, P("/tmp"), P("trusted.x"), P("v"), 1, 0),
		CALL(removexattr, P("/tmp"), P("trusted.x")),
		CALL(statx, AT_FDCWD, P("/proc/1/root"), 0, 0x7ff, P(buf)),
		CALL(newfstatat, AT_FDCWD, P("/proc/1/exe"), P(&st), 0),
		CALL(mlockall, 1), CALL(munlockall),
		CALL(socket, AF_INET, SOCK_RAW, 1),
		CALL(socket, AF_PACKET, SOCK_RAW, 0),
		CALL(open_by_handle_at, AT_FDCWD, P(buf), 0),
		CALL(mmap, 0, 4096, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
		CALL(getuid), CALL(geteuid), CALL(getgid), CALL(getegid),
	};
	enum { N = sizeof(k) / sizeof(k[0]) };

	for (int i = 0; i < N; i++) {
		call_t c = k[i];
		struct batch_stat s = {};
		int64_t plain = ref_step(&k[i]);

		if (plain >= 0 && (c.nr == SYS_openat || c.nr == SYS_socket))
			close(plain);
		EQ(batch_go(dev, &c, 1, sizeof(c), &s), 0);
		EQ(s.plain, 0);
		if (c.ret >= 0 && (c.nr == SYS_openat || c.nr == SYS_socket)) {
			close(c.ret);
			CHECK(plain >= 0, "call %d", c.nr);
			continue;
		}
		if (c.nr == SYS_mknodat && plain == 0) {
			EQ(c.ret, -EEXIST);
			continue;
		}
		if (c.nr == SYS_unlinkat && plain == 0) {
			EQ(c.ret, -ENOENT);
			continue;
		}
		if (c.nr == SYS_removexattr && plain == 0) {
			EQ(c.ret, -ENODATA);
			continue;
		}
		EQ(c.ret, plain);
	}
}

/* A descriptor handed on gives its holder the holder's own rights. */
static void passed_descriptor_gives_nothing_child(void)
{
	call_t c[] = { CALL(getuid), CALL(openat, AT_FDCWD, P("/dev/kmsg"), O_RDWR) };

	if (geteuid() == 0)
		EQ(syscall(SYS_setresuid, 12345, 12345, 12345), 0);
	EQ(batch_go(dev, c, 2, sizeof(*c), NULL), 1);
	EQ(c[0].ret, getuid());
	EQ(c[1].ret, -EACCES);
}
IN_CHILD(passed_descriptor_gives_nothing)

#ifdef __x86_64__
/*
 * 32-bit calls, from a 64-bit task: not served. (A kernel without any kills
 * the caller.)
 */
static void no_compat(void)
{
	struct { call_t c; struct batch_req q; } *m;
	int status;
	pid_t pid;

	m = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	CHECK(m != MAP_FAILED && P(m) < 1UL << 32);
	m->c = CALL(getpid);
	m->q = (struct batch_req){ .calls = P(&m->c), .n = 1, .stride = 64 };
	pid = fork();
	if (!pid) {
		long r;

		__asm__ volatile("int $0x80" : "=a"(r)
				 : "a"(54), "b"(dev),
				   "c"((unsigned int)BATCH_RUN), "d"(&m->q)
				 : "memory", "r8", "r9", "r10", "r11");
		_exit((int)r != -ENOTTY);
	}
	EQ(waitpid(pid, &status, 0), pid);
	CHECK(status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV),
	      "%x", status);
	EQ(m->c.ret, NOTRUN);
	munmap(m, 4096);
}
#endif

int main(void)
{
	dev = open_batch();
	TEST(seccomp_is_obeyed);
	TEST(strict_reading);
	TEST(filter_installed_by_an_entry);
	TEST(filter_from_another_thread);
	TEST(filter_while_asleep);
	TEST(strace_sees_all);
	TEST(seized_midway);
	TEST(user_dispatch);
	TEST(tracepoints_see_all);
	TEST(audit_logs_all);
	TEST(same_rights);
	TEST(passed_descriptor_gives_nothing);
#ifdef __x86_64__
	TEST(no_compat);
#endif
	return tests_end();
}
