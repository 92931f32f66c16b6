// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two functions of the kernel that are not exported to modules, found by name
 * and tried out before anything depends on them:
 *
 * - the way from a call number to the call. x86-64 has x64_sys_call(), the
 *   switch that plain calls go through: direct branches only, so that user
 *   space steers no indirect one. It is called through a static call, which
 *   is a direct call again (and does not mind that the function's ENDBR was
 *   removed because the kernel never takes its address). Elsewhere, and on
 *   kernels before the switch, sys_call_table is what plain calls go through.
 *
 * - task_work_run(), which finishes the closing of files. Optional: without
 *   it such an entry makes the batch return to user space once.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/anon_inodes.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/task_work.h>
#include <linux/user_namespace.h>

#include "batch.h"

typedef long (*batch_entry_fn)(const struct pt_regs *regs);

u32 batch_features = BATCH_F_WIDTHS | BATCH_F_REFS;

static const batch_entry_fn *batch_table __ro_after_init;

long batch_call_none(const struct pt_regs *regs, unsigned int nr)
{
	return -ENOSYS;
}

void batch_no_task_work(void)
{
}

DEFINE_STATIC_CALL(batch_call, batch_call_none);
DEFINE_STATIC_CALL(batch_task_work, batch_no_task_work);

/* An indirect call, compiled with whatever the kernel has against abuse. */
static long batch_call_table(const struct pt_regs *regs, unsigned int nr)
{
	return batch_table[nr](regs);
}

/*
 * A disabled probe never changes a byte of the kernel, but its registration
 * looks the symbol up. The odd offset keeps the address as it is in the symbol
 * table (probes of a function's very start move behind its ENDBR) and makes
 * most registrations fail right after the look-up, which is all the same.
 */
static unsigned long __init batch_lookup(const char *name)
{
	struct kprobe kp = {
		.symbol_name = name,
		.offset = 1,
		.flags = KPROBE_FLAG_DISABLED,
	};
	unsigned long addr;

	if (!register_kprobe(&kp))
		unregister_kprobe(&kp);
	addr = (unsigned long)kp.addr;
	return addr > 1 ? addr - 1 : 0;
}

/*
 * Does the table's slot of getpid() hold a function that is called so? (With
 * the architecture in front, or another one's whose code is the same.)
 */
static bool __init batch_table_plausible(const batch_entry_fn *table)
{
	char name[KSYM_SYMBOL_LEN];

	snprintf(name, sizeof(name), "%ps", (void *)table[__NR_getpid]);
	return strstr(name, "_sys_getpid");
}

static long __init batch_try(unsigned int nr, unsigned long arg0,
			     unsigned long arg1)
{
	struct pt_regs regs = {};

	BATCH_ARG0(&regs) = arg0;
	BATCH_ARG1(&regs) = arg1;
	return static_call(batch_call)(&regs, nr);
}

/* Calls with known answers: numbers, arguments and results must all fit. */
static bool __init batch_call_proven(void)
{
	return batch_try(__NR_getpid, 0, 0) == task_tgid_vnr(current) &&
	       batch_try(__NR_gettid, 0, 0) == task_pid_vnr(current) &&
	       batch_try(__NR_geteuid, 0, 0) ==
			from_kuid_munged(current_user_ns(), current_euid()) &&
	       batch_try(__NR_getpgid, task_tgid_vnr(current), 0) ==
			task_pgrp_vnr(current) &&
	       batch_try(__NR_close, ~0UL, 0) == -EBADF &&
	       batch_try(__NR_munmap, 0, 0) == -EINVAL &&
	       batch_try(__NR_munmap, 1, PAGE_SIZE) == -EINVAL;
}

static bool batch_probe_gone;

static int batch_probe_release(struct inode *inode, struct file *file)
{
	WRITE_ONCE(batch_probe_gone, true);
	return 0;
}

static const struct file_operations batch_probe_fops = {
	.owner = THIS_MODULE,
	.release = batch_probe_release,
};

/**
 * batch_reach_task_work() - find task_work_run() and prove it on a closed file.
 *
 * The file must be gone after the call, and not before. Where it is not, the
 * file outlives this function, so nothing may fail after it.
 */
void __init batch_reach_task_work(void)
{
	unsigned long addr = batch_lookup("task_work_run");
	struct file *file;
	void (*run)(void);

	if (!addr)
		return;
	file = anon_inode_getfile("[batch]", &batch_probe_fops, NULL, O_RDONLY);
	if (IS_ERR(file))
		return;
	fput(file);
	if (READ_ONCE(batch_probe_gone) || !task_work_pending(current))
		return;
	run = (void *)addr;
	static_call_update(batch_task_work, run);
	static_call(batch_task_work)();
	if (READ_ONCE(batch_probe_gone) && !task_work_pending(current))
		batch_features |= BATCH_F_TASK_WORK;
	else
		static_call_update(batch_task_work, batch_no_task_work);
}

/**
 * batch_reach() - find the calls and prove that they are that.
 *
 * Return: 0, or -EOPNOTSUPP after saying why in the log.
 */
int __init batch_reach(void)
{
	unsigned long addr = batch_lookup("x64_sys_call");
	long (*call)(const struct pt_regs *regs, unsigned int nr);

	/* The test builds of "vmtest -table" look at the other way here. */
	if (addr && !IS_ENABLED(CONFIG_BATCH_FORCE_TABLE)) {
		call = (void *)addr;
		static_call_update(batch_call, call);
		batch_features |= BATCH_F_DIRECT;
	} else {
		batch_table = (const void *)batch_lookup("sys_call_table");
		if (!batch_table || !batch_table_plausible(batch_table)) {
			pr_err("this kernel shows neither x64_sys_call nor sys_call_table: it needs CONFIG_KPROBES and CONFIG_KALLSYMS_ALL; not loaded, programs go on without it\n");
			return -EOPNOTSUPP;
		}
		static_call_update(batch_call, batch_call_table);
	}
	if (!batch_call_proven()) {
		pr_err("calls made through %s give wrong results: this kernel is not built as expected; not loaded, please report its version\n",
		       batch_features & BATCH_F_DIRECT ? "x64_sys_call" : "sys_call_table");
		return -EOPNOTSUPP;
	}
	return 0;
}
