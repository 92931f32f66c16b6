/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * generate.h - random programs. Two kinds of entries: calls that make sense in
 * world.h's world (a table with a letter per argument), and arbitrary numbers
 * with arbitrary arguments, less those that would end, hang or undo the test
 * itself, or whose results no two runs share. Word copies bring any result to
 * any argument, so what is said of arbitrary arguments holds for the first
 * kind as well: no kill() of process 0, which becomes one of process -1.
 */
#ifndef TESTS_GENERATE_H
#define TESTS_GENERATE_H

#include <linux/futex.h>
#include <sys/file.h>

enum { MAXN = 24, MAXSTRIDE = 192 };

static uint64_t draw(uint64_t *s)
{
	uint64_t z = *s += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/*
 * Argument letters: f descriptor, d folder descriptor, p path, b buffer to
 * write to, B to read from, v volatile buffer, l length, o open flags, m mode,
 * w whence, O offset, x iovecs, n their count, t short time, T no time, P pollfds, F fcntl
 * command, i small number, z 0, 1 descriptor -1, M address of a page of MAPS,
 * L its length, r protection, a advice, K lock, N O_NONBLOCK, D MSG_DONTWAIT.
 * 3 descriptor 3. "!" first: may do less or show EINTR when a handler runs, in
 * a batch or not, so not in a storm.
 */
static const struct { short nr; const char *args; } sensible[] = {
#ifdef SYS_open
	{ SYS_open, "pom" }, { SYS_stat, "pv" }, { SYS_lstat, "pv" },
	{ SYS_access, "pi" }, { SYS_mkdir, "pm" }, { SYS_unlink, "p" },
	{ SYS_rename, "pp" }, { SYS_readlink, "pbl" }, { SYS_dup2, "ff" },
	{ SYS_chmod, "pm" }, { SYS_link, "pp" }, { SYS_poll, "!Pnz" },
	{ SYS_getpgrp, "" },
#endif
	{ SYS_openat, "dpom" }, { SYS_openat, "dpom" }, { SYS_close, "f" },
	{ SYS_close, "f" }, { SYS_read, "fbl" }, { SYS_read, "fbl" },
	{ SYS_write, "fBl" }, { SYS_write, "fBl" }, { SYS_pread64, "fblO" },
	{ SYS_pwrite64, "fBlO" }, { SYS_readv, "fxn" }, { SYS_writev, "fxn" },
	{ SYS_preadv, "fxnO" }, { SYS_preadv2, "fxnOzi" }, { SYS_lseek, "fOw" },
	{ SYS_fstat, "fv" }, { SYS_fstat, "fv" }, { SYS_newfstatat, "dpvi" },
	{ SYS_statx, "dpiiv" }, { SYS_faccessat, "dpi" },
	{ SYS_ftruncate, "fl" }, { SYS_truncate, "pl" }, { SYS_fallocate, "!fiOl" },
	{ SYS_dup, "f" }, { SYS_dup3, "ffz" }, { SYS_fcntl, "fFi" },
	{ SYS_pipe2, "bN" }, { SYS_mkdirat, "dpm" }, { SYS_unlinkat, "dpi" },
	{ SYS_renameat2, "dpdpi" }, { SYS_linkat, "dpdpi" },
	{ SYS_symlinkat, "pdp" }, { SYS_readlinkat, "dpbl" },
	{ SYS_fchmodat, "dpm" }, { SYS_fchmod, "fm" }, { SYS_umask, "m" },
	{ SYS_utimensat, "dpti" }, { SYS_getcwd, "bl" }, { SYS_chdir, "p" },
	{ SYS_fchdir, "f" }, { SYS_getdents64, "!fvl" }, { SYS_statfs, "pv" },
	{ SYS_fsync, "f" }, { SYS_setxattr, "ppBli" }, { SYS_getxattr, "ppbl" },
	{ SYS_listxattr, "pbl" }, { SYS_removexattr, "pp" },
	{ SYS_copy_file_range, "!fzfzlz" }, { SYS_sendfile, "!ffzl" },
	{ SYS_splice, "!fzfzlD" }, { SYS_sendto, "fBlDzz" },
	{ SYS_recvfrom, "fblDzz" }, { SYS_shutdown, "fi" },
	{ SYS_socketpair, "1NNb" }, { SYS_getsockname, "fbB" },
	{ SYS_ppoll, "!PnTzz" }, { SYS_epoll_pwait, "!fbizz" },
	{ SYS_epoll_ctl, "fifB" }, { SYS_eventfd2, "iN" },
	{ SYS_futex, "!Bzit" }, { SYS_futex, "BWi" },
	{ SYS_nanosleep, "!tv" }, { SYS_clock_nanosleep, "!1ztv" },
	{ SYS_clock_gettime, "iv" }, { SYS_mmap, "MLrXfO" },
	{ SYS_munmap, "ML" }, { SYS_mprotect, "MLr" }, { SYS_madvise, "MLa" },
	{ SYS_mremap, "MLLz" }, { SYS_msync, "MLi" }, { SYS_mincore, "MLb" },
	{ SYS_memfd_create, "pi" }, { SYS_getrandom, "!vli" },
	{ SYS_getppid, "" },
	{ SYS_getuid, "" }, { SYS_geteuid, "" }, { SYS_getpgid, "z" },
	{ SYS_getresuid, "bbb" }, { SYS_uname, "b" }, { SYS_sched_yield, "" },
	{ SYS_getrusage, "zv" }, { SYS_flock, "3K" }, { SYS_close_range, "ffz" },
	{ SYS_rt_sigpending, "bz" },
};

/* Never among the arbitrary ones. Numbers after 450 have no names here. */
static const short excluded[] = {
	/* end or stop */
	SYS_exit, SYS_exit_group, SYS_clone, SYS_clone3, SYS_execve,
	SYS_execveat, SYS_rt_sigreturn, SYS_rt_sigsuspend, SYS_rt_sigtimedwait,
	SYS_kill, SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo,
	SYS_rt_tgsigqueueinfo, SYS_pidfd_send_signal, SYS_ptrace, SYS_seccomp,
	SYS_prctl, SYS_personality, SYS_rt_sigaction, SYS_rt_sigprocmask,
	SYS_sigaltstack, SYS_set_robust_list, SYS_set_tid_address, SYS_rseq,
	SYS_setitimer, SYS_getitimer, SYS_timer_create, SYS_timer_settime,
	SYS_timer_gettime, SYS_timer_delete, SYS_timer_getoverrun, 335, 336,
	453, 462,
	/* the machine */
	SYS_reboot, SYS_kexec_load, SYS_kexec_file_load, SYS_init_module,
	SYS_finit_module, SYS_delete_module, SYS_mount, SYS_umount2,
	SYS_pivot_root, SYS_chroot, SYS_swapon, SYS_swapoff, SYS_sethostname,
	SYS_setdomainname, SYS_settimeofday, SYS_clock_settime,
	SYS_clock_adjtime, SYS_adjtimex, SYS_syslog, SYS_vhangup, SYS_acct,
	SYS_quotactl, SYS_unshare, SYS_setns, SYS_open_tree, SYS_move_mount,
	SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_mount_setattr,
	SYS_bpf, SYS_perf_event_open, SYS_fanotify_init, SYS_fanotify_mark,
	SYS_userfaultfd, SYS_io_uring_setup, SYS_io_uring_enter,
	SYS_io_uring_register, SYS_lookup_dcookie, 457, 458, 467, 470,
	/* other processes, scheduling, limits */
	SYS_getsid, SYS_getpgid, SYS_getpriority, SYS_sched_getattr,
	SYS_sched_getparam, SYS_sched_getscheduler, SYS_ioprio_get,
	SYS_prlimit64, SYS_setrlimit, SYS_setpriority, SYS_sched_setattr,
	SYS_sched_setparam, SYS_sched_setscheduler, SYS_sched_setaffinity,
	SYS_sched_getaffinity, SYS_ioprio_set, SYS_migrate_pages,
	SYS_move_pages, SYS_process_madvise, SYS_process_vm_readv,
	SYS_process_vm_writev, SYS_pidfd_open, SYS_pidfd_getfd,
	SYS_process_mrelease, SYS_capset, SYS_setpgid, SYS_setsid,
	SYS_landlock_restrict_self, SYS_sched_rr_get_interval, SYS_kcmp,
	SYS_setuid, SYS_setreuid, SYS_setresuid, SYS_setfsuid,
	/* memory of the test itself */
	SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_pkey_mprotect,
	SYS_brk, SYS_madvise, SYS_remap_file_pages, SYS_shmat, SYS_mlockall,
	SYS_io_setup, SYS_io_destroy, SYS_fallocate,
	/* outputs that no two runs share; sensible ones go to VOLATILE */
	SYS_fstat, SYS_newfstatat, SYS_statx, SYS_statfs, SYS_fstatfs,
	SYS_clock_gettime, SYS_clock_getres, SYS_getrandom, SYS_getrusage,
	SYS_getdents64, 451,
	/* wait, or make descriptors that do */
	SYS_futex, SYS_ppoll, SYS_pselect6, SYS_epoll_pwait, SYS_epoll_pwait2,
	SYS_nanosleep, SYS_clock_nanosleep, SYS_wait4, SYS_waitid, SYS_fcntl,
	SYS_flock, SYS_io_getevents, SYS_io_pgetevents, SYS_accept, SYS_accept4,
	SYS_connect, SYS_recvfrom, SYS_recvmsg, SYS_recvmmsg, SYS_socket,
	SYS_socketpair, SYS_pipe2, SYS_eventfd2, SYS_timerfd_create,
	SYS_timerfd_settime, SYS_timerfd_gettime, SYS_signalfd4,
	SYS_inotify_init1, SYS_futex_waitv, 449, 455, SYS_mknodat, SYS_sync,
	SYS_syncfs, SYS_vmsplice, SYS_ioctl, SYS_epoll_create1,
	/* keep something beyond the process, or differ from run to run */
	SYS_shmget, SYS_shmctl, SYS_shmdt, SYS_semget, SYS_semop, SYS_semctl,
	SYS_semtimedop, SYS_msgget, SYS_msgsnd, SYS_msgrcv, SYS_msgctl,
	SYS_mq_open, SYS_mq_unlink, SYS_mq_timedsend, SYS_mq_timedreceive,
	SYS_mq_notify, SYS_mq_getsetattr, SYS_add_key, SYS_request_key,
	SYS_keyctl, SYS_getsockopt, SYS_get_mempolicy, SYS_membarrier,
	SYS_getcpu, SYS_gettimeofday, SYS_times, SYS_sysinfo,
	SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_mincore,
	SYS_getpid, SYS_gettid, SYS_get_robust_list, SYS_restart_syscall, SYS_capget,
#ifdef SYS_fork
	SYS_stat, SYS_lstat, SYS_getdents, SYS_fork, SYS_vfork, SYS_pause, SYS_alarm, SYS_arch_prctl, SYS_iopl,
	SYS_ioperm, SYS_modify_ldt, SYS_poll, SYS_select, SYS_epoll_wait,
	SYS_pipe, SYS_eventfd, SYS_signalfd, SYS_inotify_init, SYS_mknod,
	SYS_time, SYS_uselib, SYS_ustat, SYS_epoll_create, SYS_set_thread_area,
	SYS_get_thread_area, SYS__sysctl, 183,
#endif
};

static bool excluded_nr[512];

/*
 * Arguments of the entries that stay what they are, a bit each: where calls
 * put what no two runs share, and all of those that wait, which would else wait
 * for ever; and where a word copy's destination was chosen.
 */
static uint8_t fixed[MAXN];
static struct { int8_t entry, arg; } aimed[MAXN];

static void generate_init(void)
{
	for (size_t i = 0; i < sizeof(excluded) / sizeof(excluded[0]); i++)
		excluded_nr[excluded[i]] = true;
}

static uint64_t wild(uint64_t *s)
{
	static const uint64_t w[] = {
		0, 1, 2, 3, 8, 63, 64, 4095, 4096, 1UL << 31, 1UL << 32,
		1UL << 47, (1UL << 47) - 8, 1UL << 56, 1UL << 63, -1UL, -8UL,
		-100UL, -4096UL, 0xffffffff81000000, 0xffff888000000000,
		0x7fffffff, 0xffffffff,
	};
	/* not VOLATILE, whose contents could matter to the call */
	static const int readable[] = { DATA, SCRATCH, RDONLY, NONE };

	switch (draw(s) % 4) {
	case 0:
		return w[draw(s) % (sizeof(w) / sizeof(w[0]))];
	case 1:
		return PAGE(readable[draw(s) % 4]) + draw(s) % 512 * 8;
	case 2:
		return path_at(draw(s) % NPATH);
	}
	return draw(s) % 16;
}

static uint64_t argument(uint64_t *s, char kind)
{
	static const int flags[] = {
		O_RDONLY, O_RDWR, O_WRONLY, O_CREAT | O_RDWR, O_RDWR | O_TRUNC,
		O_CREAT | O_EXCL | O_WRONLY, O_DIRECTORY, O_NOFOLLOW,
		O_RDWR | O_APPEND, O_PATH, O_CREAT | O_DIRECTORY,
	};
	static const int fcntls[] = { F_GETFD, F_SETFD, F_GETFL, F_DUPFD,
				      F_DUPFD_CLOEXEC, F_GETPIPE_SZ, 9999 };
	uint64_t r = draw(s);

	switch (kind) {
	case 'f': return r % 16 == 0 ? -1UL : r % 16 == 1 ? 77 : r % FDS;
	case 'd': return r % 4 == 0 ? 5 : r % 16 == 1 ? -1UL : (uint64_t)AT_FDCWD;
	case 'p': return path_at(r % NPATH);
	case 'b': return PAGE(SCRATCH) + r % 64 * 8;
	case 'B': return PAGE(r % 4 ? DATA : RDONLY) + D_MISC + r % 128 * 8;
	case 'v': return PAGE(VOLATILE) + r % 128 * 8;
	case 'l': return r % 8 == 0 ? 2000 : r % 130;
	case 'o': return flags[r % 11] | O_NONBLOCK | (r % 64 == 5 ? O_CLOEXEC : 0);
	case 'm': return r % 16 ? 0700 | r % 64 : r % 4096;
	case 'w': return r % 6;
	case 'O': return r % 8 == 0 ? -1UL : r % 200;
	case 'x': return PAGE(DATA) + D_IOV + r % 3 * 16;
	case 'n': return r % 5;
	case 't': return PAGE(DATA) + D_TS + r % 4 * 16;
	case 'T': return PAGE(DATA) + D_TS;
	case 'P': return PAGE(DATA) + D_POLL;
	case 'F': return fcntls[r % 7];
	case 'M': return PAGE(MAPS) + r % 2 * 4096;
	case 'L': return r % 8 ? 4096 : r % 3 * 4096;
	case 'r': return r % 4;
	case 'a': return r % 10;
	case 'X': return MAP_FIXED | (r % 2 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED);
	case 'N': return O_NONBLOCK;
	case 'D': return MSG_DONTWAIT;
	case 'W': return FUTEX_WAKE_PRIVATE;
	case '3': return 3;
	case 'K': return r % 4 | LOCK_NB;
	case '1': return AF_UNIX;
	case 'i': return r % 4;
	}
	return 0;
}

static short jump(uint64_t *s)
{
	uint64_t r = draw(s);

	switch (r % 16) {
	case 0: return -1;
	case 1: return -2 - (short)(r >> 8 & 0x7f);
	case 2: return 1;
	case 3: return 2;
	case 4: return 3 + (r >> 8) % 20;
	case 5: return 32767;
	}
	return 0;
}

static void word_copy(uint64_t *s, char *mem, size_t stride, size_t n,
		      size_t i, call_t *c)
{
	static const int widths[] = { 0, 0, 0, 8, -8, 4, -4, 2, -2, 1, -1, 3 };
	size_t later = i + 1 + draw(s) % (n - i);

	c->nr = BATCH_NR_WDCPY;
	switch (draw(s) % 8) {
	case 0:
		c->arg[0] = wild(s) & ~7UL;
		if (c->arg[0] / 4096 == PAGE(DATA) / 4096)
			c->arg[0] = PAGE(DATA) + D_MISC + draw(s) % 256 * 8;
		break;
	case 1:
		c->arg[0] = PAGE(DATA) + D_MISC + draw(s) % 256 * 8;
		break;
	default:
		if (later >= n)
			later = n - 1;
		aimed[i].entry = later;
		aimed[i].arg = draw(s) % 6;
	}
	switch (draw(s) % 8) {
	case 0:
		c->arg[1] = wild(s);
		if (c->arg[1] / 4096 == PAGE(VOLATILE) / 4096)
			c->arg[1] = PAGE(DATA);
		break;
	case 1:
		c->arg[1] = PAGE(DATA) + draw(s) % 4088;
		break;
	default:
		c->arg[1] = P(&call_at(mem, stride, draw(s) % n)->ret);
	}
	c->arg[2] = (uint64_t)(int64_t)widths[draw(s) % 12];
}

static void one_entry(uint64_t *s, char *mem, size_t stride, size_t n, size_t i,
		      bool storm)
{
	call_t *c = call_at(mem, stride, i);
	uint64_t r = draw(s) % 16;

	*c = C_(0, jump(s), jump(s), jump(s));
	if (r < 3) {
		word_copy(s, mem, stride, n, i, c);
	} else if (r == 3) {
		c->nr = BATCH_NR_CONST;
		c->arg[0] = draw(s) % 2 ? wild(s) : -(draw(s) % 5000);
	} else if (r < 7 && !storm) {
		do {
			c->nr = draw(s) % 8 ? draw(s) % 471 : draw(s);
			if (run_flags & BATCH_REFS)
				c->nr &= (1 << BATCH_REFS_SHIFT) - 1;
		} while (c->nr == BATCH_NR_WDCPY || (c->nr >= 0 &&
			 c->nr < 512 && excluded_nr[c->nr]));
		for (int k = 0; k < 6; k++)
			c->arg[k] = wild(s);
	} else {
		const char *a;
		size_t k;

		do {
			k = draw(s) % (sizeof(sensible) / sizeof(sensible[0]));
			a = sensible[k].args;
		} while (storm && *a == '!');
		c->nr = sensible[k].nr;
		if (*a == '!') {
			fixed[i] = 0x3f;
			a++;
		}
		for (int j = 0; a[j]; j++) {
			c->arg[j] = argument(s, a[j]);
			if (a[j] == 'v')
				fixed[i] |= 1 << j;
			/* sometimes a bad pointer where one belongs */
			if (strchr("pbBvxt", a[j]) && draw(s) % 24 == 0)
				c->arg[j] = draw(s) % 2 ? PAGE(NONE) : draw(s) % 2 ? 8 : 1UL << 63;
		}
	}
}

/* With BATCH_REFS, some arguments become results of other entries. */
static void references(uint64_t *s, call_t *c, size_t i)
{
	if (!(run_flags & BATCH_REFS) || c->nr < 0)
		return;
	for (int k = 0; k < 6; k++) {
		if (draw(s) % 12 || fixed[i] >> k & 1)
			continue;
		c->nr |= 1 << (BATCH_REFS_SHIFT + k);
		/* now and then of one that does not come before */
		c->arg[k] = draw(s) % (i + 1 + (draw(s) % 8 == 0));
	}
}

/* Gives a word copy the destination that was chosen, if that may be. */
static void aim(char *mem, size_t stride, size_t i)
{
	int to = aimed[i].entry, k = aimed[i].arg;

	if (to < 0)
		return;
	call_at(mem, stride, i)->arg[0] = to > (int)i && !(fixed[to] >> k & 1)
		? P(&call_at(mem, stride, to)->arg[k]) : PAGE(DATA) + D_MISC;
}

/* Writes a program at mem, and sets run_flags; returns its length. */
static size_t generate(uint64_t *s, char *mem, size_t *stride, bool storm)
{
	static const int strides[] = { 64, 64, 72, 128, 192 };
	size_t n = 1 + draw(s) % MAXN;

	*stride = strides[draw(s) % 5];
	run_flags = draw(s) % 2 * BATCH_REFS;
	memset(mem, 0xa5, MAXN * MAXSTRIDE);
	for (size_t i = 0; i < n; i++) {
		fixed[i] = 0;
		aimed[i].entry = -1;
		one_entry(s, mem, *stride, n, i, storm);
		references(s, call_at(mem, *stride, i), i);
	}
	for (size_t i = 0; i < n; i++)
		aim(mem, *stride, i);
	return n;
}

#endif /* TESTS_GENERATE_H */
