// SPDX-License-Identifier: GPL-2.0-only
/*
 * rights.c - a call in a batch has no right that the plain call lacks, and
 * lacks none that it has.
 */
#include "batch.h"

#include <linux/capability.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

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

/* Root without a capability is refused what the capability is for. */
static void dropped_capability_is_missed_child(void)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2];
	char path[64];
	int fd;

	if (geteuid())
		return;
	snprintf(path, sizeof(path), "/tmp/cap%d", getpid());
	fd = open(path, O_CREAT | O_RDWR, 0600);
	CHECK(fd >= 0);
	{
		call_t c[] = { CALL(fchown, fd, 7, 7), CALL(fchown, fd, 0, 0) };

		EQ(batch_go(dev, c, 2, sizeof(*c), NULL), 1);
		EQ(c[0].ret, 0);
		EQ(c[1].ret, 0);
		EQ(syscall(SYS_capget, &h, d), 0);
		d[0].effective &= ~(1U << CAP_CHOWN);
		EQ(syscall(SYS_capset, &h, d), 0);
		EQ(ref_step(&c[0]), -EPERM);
		c[0].ret = c[1].ret = NOTRUN;
		EQ(batch_go(dev, c, 1, sizeof(*c), NULL), 0);
		EQ(c[0].ret, -EPERM);
	}
	close(fd);
	unlink(path);
}
IN_CHILD(dropped_capability_is_missed)

/* What the kernel says of the caller's credentials, said within a batch. */
static void credentials_are_the_callers(void)
{
	static const char *const keys[] = { "Uid:", "Gid:", "Groups:", "CapInh:",
		"CapPrm:", "CapEff:", "CapBnd:", "CapAmb:", "NoNewPrivs:",
		"Seccomp:", "Umask:", "TracerPid:" };
	static char buf[2][8192];
	call_t c[] = {
		STOP(openat, AT_FDCWD, P("/proc/thread-self/status"), O_RDONLY),
		C_(BATCH_NR_CONST, 0, 0, 0, 0),
		STOP(read, -1, P(buf[0]), sizeof(buf[0]) - 1),
	};
	struct batch_stat st = {};
	int fd = open("/proc/thread-self/status", O_RDONLY);

	c[1] = WDCPY(&c[2].arg[0], &c[0].ret, 0);
	EQ(batch_go(dev, c, 3, sizeof(*c), &st), 2);
	EQ(st.plain, 0);
	close(c[0].ret);
	CHECK(c[2].ret > 100);
	CHECK(read(fd, buf[1], sizeof(buf[1]) - 1) > 100);
	close(fd);
	for (unsigned int i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char *a = strstr(buf[0], keys[i]), *b = strstr(buf[1], keys[i]);

		CHECK(a && b, "no %s", keys[i]);
		a[strcspn(a, "\n")] = b[strcspn(b, "\n")] = 0;
		CHECK(!strcmp(a, b), "%s and %s", a, b);
		a[strlen(a)] = b[strlen(b)] = '\n';
	}
}

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
	TEST(same_rights);
	TEST(passed_descriptor_gives_nothing);
	TEST(dropped_capability_is_missed);
	TEST(credentials_are_the_callers);
#ifdef __x86_64__
	TEST(no_compat);
#endif
	return tests_end();
}
