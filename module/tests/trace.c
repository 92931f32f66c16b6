// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace.c - whoever watches a task's calls sees all of them: tracers, the
 * system call tracepoints, audit.
 */
#include "batch.h"

#include <linux/audit.h>
#include <linux/netlink.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/user.h>

#ifndef PTRACE_EVENT_STOP
#define PTRACE_EVENT_STOP 128
#endif

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

int main(void)
{
	dev = open_batch();
	TEST(strace_sees_all);
	TEST(seized_midway);
	TEST(tracepoints_see_all);
	TEST(audit_logs_all);
	return tests_end();
}
