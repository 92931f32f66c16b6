// SPDX-License-Identifier: GPL-2.0-only
/*
 * The seed's own system call, so that programs written for it run as they
 * are: number 183 (afs_syscall), its struct, results in an array of their own.
 * x86-64 only, off by default.
 *
 * The number leads to __x64_sys_ni_syscall(), whose first instruction gets a
 * probe that sends it to batch_slot_run() instead, as if that had been called:
 * in process context, free to block.
 *
 * This interface has no place for going on later. So a call that a signal
 * interrupts answers EINTR instead of being made again, handlers run after the
 * batch, and a call that may not be made here answers ENOSYS.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <linux/task_work.h>
#include <linux/uaccess.h>

#include "batch.h"

static bool slot;
module_param(slot, bool, 0444);
MODULE_PARM_DESC(slot, "also serve the seed's system call 183, x86-64 only (default N)");

#define SEED_NR		__NR_afs_syscall
#define SEED_WDCPY	(-2)

/* The seed's entry. */
struct seed_call {
	s16 nr;
	s16 jump[3];	/* negative, zero, positive */
	s8 argc;
	u64 arg[6];
};

static int seed_fetch(struct seed_call *c, const struct seed_call __user *from,
		      struct pt_regs *regs)
{
	unsigned int i;

	if (copy_from_user(c, from, sizeof(*c)))
		return -EFAULT;
	for (i = c->argc < 0 ? 0 : c->argc; i < ARRAY_SIZE(c->arg); i++)
		c->arg[i] = 0;
	BATCH_ARG0(regs) = c->arg[0];
	BATCH_ARG1(regs) = c->arg[1];
	BATCH_ARG2(regs) = c->arg[2];
	BATCH_ARG3(regs) = c->arg[3];
	BATCH_ARG4(regs) = c->arg[4];
	BATCH_ARG5(regs) = c->arg[5];
	return 0;
}

/*
 * An interrupted ppoll() and its like wait for the way out to put the signal
 * mask back. The next entry must not run under theirs.
 */
static void seed_restore_mask(void)
{
	sigset_t mask = current->saved_sigmask;

	if (test_and_clear_restore_sigmask())
		sigprocmask(SIG_SETMASK, &mask, NULL);
}

static s64 seed_call(const struct seed_call *c, const struct pt_regs *regs)
{
	unsigned int nr = (u16)c->nr;
	s64 res;

	if (nr >= BATCH_NR_CALLS || c->argc > 6 || batch_watched())
		return -ENOSYS;
	nr = array_index_nospec(nr, BATCH_NR_CALLS);
	if (!batch_may_run(nr))
		return -ENOSYS;
	res = static_call(batch_call)(regs, nr);
	if (res <= -ERESTARTSYS && res >= -ERESTART_RESTARTBLOCK &&
	    res != -ENOIOCTLCMD && signal_pending(current)) {
		seed_restore_mask();
		res = -EINTR;
	}
	if (task_work_pending(current) && (batch_features & BATCH_F_TASK_WORK))
		static_call(batch_task_work)();
	cond_resched();
	return res;
}

static long seed_run(s64 __user *rets, struct seed_call __user *calls, u64 n)
{
	struct pt_regs regs = {};
	u64 i = 0, next;
	s64 res;

	for (;; i = next) {
		struct seed_call c;
		int jump;

		if (seed_fetch(&c, calls + i, &regs))
			return -EFAULT;
		if (c.nr == SEED_WDCPY) {
			jump = 0;
			res = batch_copy_word(c.arg[0], c.arg[1], 0);
			if (res) {
				if (put_user(res, rets + i))
					force_sig(SIGSEGV);
				return i;
			}
		} else {
			res = seed_call(&c, &regs);
			if (put_user(res, rets + i)) {
				force_sig(SIGSEGV);
				return i;
			}
			jump = c.jump[res == 0 ? 1 :
				      (u64)res >= (u64)-MAX_ERRNO ? 0 : 2];
		}
		if (jump < 0 || jump >= n - i - 1 ||
		    fatal_signal_pending(current))
			return i;
		next = i + 1 + jump;
	}
}

/* Runs where the system call would have; returns to the system call's caller. */
static noinline long batch_slot_run(const struct pt_regs *regs)
{
	long ret = 0;

	if (regs->dx)
		ret = seed_run((s64 __user *)regs->di,
			       (struct seed_call __user *)regs->si, regs->dx);
	module_put(THIS_MODULE);
	return ret;
}

static int batch_slot_hit(struct kprobe *p, struct pt_regs *regs)
{
	const struct pt_regs *user = (const struct pt_regs *)regs->di;

	/* Entries of a batch have registers of their own and never get here. */
	if (user != task_pt_regs(current) || user->orig_ax != SEED_NR)
		return 0;
	/* Watched tasks learn at their first call that there is no such call. */
	if (batch_watched() || !try_module_get(THIS_MODULE))
		return 0;
	regs->ip = (unsigned long)batch_slot_run;
	return 1;
}

/* A probe that changes ip must not be optimized, which this prevents. */
static void batch_slot_post(struct kprobe *p, struct pt_regs *regs,
			    unsigned long flags)
{
}

static struct kprobe batch_slot_probe = {
	.symbol_name = "__x64_sys_ni_syscall",
	.pre_handler = batch_slot_hit,
	.post_handler = batch_slot_post,
};

/**
 * batch_slot_init() - serve the seed's system call, if root asked for it.
 *
 * Return: 0 or what the probe's registration says.
 */
int __init batch_slot_init(void)
{
	int err;

	BUILD_BUG_ON(sizeof(struct seed_call) != 64);
	if (!slot)
		return 0;
	err = register_kprobe(&batch_slot_probe);
	if (err) {
		pr_err("slot=1 needs a probe on __x64_sys_ni_syscall, which failed with %d; load without it, or on a kernel with CONFIG_KPROBES\n",
		       err);
		return err;
	}
	batch_features |= BATCH_F_SLOT;
	return 0;
}

/**
 * batch_slot_exit() - give the number back.
 *
 * Nobody is in a batch (each holds the module), but somebody may be between
 * letting go of it and returning.
 */
void batch_slot_exit(void)
{
	if (!(batch_features & BATCH_F_SLOT))
		return;
	unregister_kprobe(&batch_slot_probe);
	synchronize_rcu_tasks();
}
