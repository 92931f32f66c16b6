// SPDX-License-Identifier: GPL-2.0-only
/*
 * One request, entry by entry.
 *
 * Entries are streamed: each is read when its turn comes and its result is
 * stored before the next is read. So nothing is allocated, nothing is read
 * twice, entries can write into later ones, and a request that was left in
 * the middle just goes on when the same ioctl is made again.
 */
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/nospec.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/task_work.h>
#include <linux/uaccess.h>

#include "batch.h"

/* The first word of an entry: number, then jumps by class of result. */
enum batch_class { BATCH_NEG, BATCH_ZERO, BATCH_POS };

#ifdef __LITTLE_ENDIAN
#define BATCH_NR(head)		((s16)(head))
#define BATCH_SHIFT(class)	(16 + 16 * (class))
#else
#define BATCH_NR(head)		((s16)((head) >> 48))
#define BATCH_SHIFT(class)	(32 - 16 * (class))
#endif
#define BATCH_JUMP(head, class)	\
	((int)((s64)((head) << (48 - BATCH_SHIFT(class))) >> 48))

/*
 * Kernels that clear all stack memory would clear the registers that no call
 * reads, in every request.
 */
#if defined(__CHECKER__) || !__has_attribute(__uninitialized__)
#define BATCH_UNCLEARED
#else
#define BATCH_UNCLEARED	__attribute__((__uninitialized__))
#endif

/*
 * Work on the way to user space that cannot be done here: leave for it. (The
 * rest of the way's work does not care how many calls went before it, but for
 * the kinds that batch_between() looks at.)
 */
#ifndef _TIF_UPROBE
#define _TIF_UPROBE 0
#endif
#ifndef _TIF_PATCH_PENDING
#define _TIF_PATCH_PENDING 0
#endif
#ifndef _TIF_MTE_ASYNC_FAULT
#define _TIF_MTE_ASYNC_FAULT 0
#endif
#ifndef _TIF_NEED_RESCHED_LAZY
#define _TIF_NEED_RESCHED_LAZY 0
#endif

#define BATCH_RESCHED	(_TIF_NEED_RESCHED | _TIF_NEED_RESCHED_LAZY)
#define BATCH_SIGNAL	(_TIF_SIGPENDING | _TIF_NOTIFY_SIGNAL)
#define BATCH_LEAVE	(_TIF_UPROBE | _TIF_PATCH_PENDING | \
			 _TIF_MTE_ASYNC_FAULT)
#define BATCH_WORK	(BATCH_RESCHED | BATCH_SIGNAL | BATCH_LEAVE | \
			 _TIF_NOTIFY_RESUME)

/*
 * Besides task work, TIF_NOTIFY_RESUME stands for things that are only put
 * off by staying here (memory cgroup throttling, restartable sequences).
 * They are not put off for longer than this many entries.
 */
#define BATCH_PUT_OFF	64

/*
 * Read an entry, and see that its slot can be written (it keeps its value).
 * To be called between user_access_begin() and user_access_end().
 */
static __always_inline bool batch_get(struct batch_call __user *call, u64 *head,
				      struct pt_regs *regs)
{
	s64 slot;

	unsafe_get_user(*head, (u64 __user *)call, fault);
	unsafe_get_user(slot, &call->ret, fault);
	unsafe_put_user(slot, &call->ret, fault);
	unsafe_get_user(BATCH_ARG0(regs), &call->arg[0], fault);
	unsafe_get_user(BATCH_ARG1(regs), &call->arg[1], fault);
	unsafe_get_user(BATCH_ARG2(regs), &call->arg[2], fault);
	unsafe_get_user(BATCH_ARG3(regs), &call->arg[3], fault);
	unsafe_get_user(BATCH_ARG4(regs), &call->arg[4], fault);
	unsafe_get_user(BATCH_ARG5(regs), &call->arg[5], fault);
	return true;
fault:
	return false;
}

static __always_inline bool batch_put(struct batch_call __user *call, s64 res)
{
	unsafe_put_user(res, &call->ret, fault);
	return true;
fault:
	return false;
}

/* The same, one alone. */
static __always_inline bool batch_fetch(struct batch_call __user *call,
					u64 *head, struct pt_regs *regs)
{
	bool ok;

	if (!user_access_begin(call, sizeof(*call)))
		return false;
	ok = batch_get(call, head, regs);
	user_access_end();
	return ok;
}

static __always_inline bool batch_store(struct batch_call __user *call, s64 res)
{
	bool ok;

	if (!user_access_begin(&call->ret, sizeof(call->ret)))
		return false;
	ok = batch_put(call, res);
	user_access_end();
	return ok;
}

/* Was a call cut short by a signal, and may it be made again? */
static bool batch_interrupted(s64 res)
{
	if (likely(res > -ERESTARTSYS || res < -ERESTART_RESTARTBLOCK))
		return false;
	return res != -ENOIOCTLCMD && signal_pending(current);
}

/*
 * Leave with what the call itself would have left with, so that the kernel
 * does here what it does there: run the handler or not, then come back or
 * not, now to the ioctl, which goes on at this entry.
 */
static long batch_restart(struct batch_call __user *call, s64 res, u32 *state)
{
	/* If a handler ends the call, this is its result. */
	if (!batch_store(call, -EINTR))
		return -EFAULT;
	if (res != -ERESTART_RESTARTBLOCK)
		return res;
	*state = BATCH_RESTART;
	return -ERESTARTNOHAND;
}

/*
 * What a plain call would have met on its way out, with entries left to run.
 * put_off counts the entries since TIF_NOTIFY_RESUME was first seen.
 * Return: 0 to go on, else what to leave with.
 */
static noinline long batch_between(u32 *put_off)
{
	unsigned long work = READ_ONCE(current_thread_info()->flags);

	if (work & BATCH_RESCHED)
		cond_resched();
	/* Handlers run between calls. */
	if (signal_pending(current))
		return -ERESTARTNOINTR;
	if (batch_watched())
		return -EOPNOTSUPP;
	if (work & BATCH_LEAVE)
		return BATCH_CONTINUE;
	if (!(work & _TIF_NOTIFY_RESUME))
		return 0;
	/* The other end of a closed pipe must see it before the next entry. */
	if (task_work_pending(current)) {
		if (!(batch_features & BATCH_F_TASK_WORK))
			return BATCH_CONTINUE;
		static_call(batch_task_work)();
		if (signal_pending(current))
			return -ERESTARTNOINTR;
	}
	return ++*put_off > BATCH_PUT_OFF ? BATCH_CONTINUE : 0;
}

static __always_inline bool batch_has_work(const struct thread_info *self)
{
	return (READ_ONCE(self->flags) & BATCH_WORK) || batch_watches(self);
}

static __always_inline int batch_jump(u64 head, s64 res)
{
	if (likely(res > 0))
		return BATCH_JUMP(head, BATCH_POS);
	if (likely(res == 0))
		return BATCH_JUMP(head, BATCH_ZERO);
	return BATCH_JUMP(head, IS_ERR_VALUE(res) ? BATCH_NEG : BATCH_POS);
}

/*
 * Run entries from at->pos, which is at call, on, and say how far it came. The
 * result of an entry is stored in the same breath as the next one is read,
 * unless there is something to do between them.
 */
static noinline long batch_loop(struct batch_call __user *call, u32 n,
				u32 stride, struct batch_at *at)
{
	const struct thread_info *self = current_thread_info();
	struct batch_call __user *next;
	u32 nr, pos = at->pos, to, put_off = 0;
	struct pt_regs regs BATCH_UNCLEARED;
	u64 head;
	long err;
	int jump;
	s64 res;

	/* Looked up once, not at each use. */
	OPTIMIZER_HIDE_VAR(self);

	err = -EFAULT;
	if (!batch_fetch(call, &head, &regs))
		goto leave;
	if (unlikely(at->state == BATCH_RAN)) {
		res = at->res;
		at->state = BATCH_START;
		goto known;
	}
	if (unlikely(at->state == BATCH_RESTART)) {
		/* Any task may make this call at any time. */
		res = static_call(batch_call)(&regs, __NR_restart_syscall);
		at->state = BATCH_START;
		goto called;
	}

	for (;;) {
		nr = (u16)BATCH_NR(head);
		if (unlikely(nr >= BATCH_NR_CALLS)) {
			at->pos = pos;
			nr = batch_odd(call, nr, &regs, at, stride);
			res = at->res;
			/* A word was copied, not a call answered 0. */
			if (BATCH_NR(head) == BATCH_NR_WDCPY)
				head &= ~(0xffffULL << BATCH_SHIFT(BATCH_ZERO));
			if (nr >= BATCH_NR_CALLS)
				goto known;
		}
		nr = array_index_nospec(nr, BATCH_NR_CALLS);
		err = -EOPNOTSUPP;
		if (unlikely(!batch_may_run(nr)))
			goto leave;
		res = static_call(batch_call)(&regs, nr);
called:
		if (unlikely(res < 0) && batch_interrupted(res)) {
			err = batch_restart(call, res, &at->state);
			goto leave;
		}
known:
		jump = batch_jump(head, res);
		to = pos + 1;
		next = (void __user *)call + stride;
		if (unlikely(jump)) {
			if (jump < 0 || jump >= n - to) {
				to = n;
			} else {
				to += jump;
				next = (void __user *)next + (u64)jump * stride;
			}
		}
		if (likely(to < n && !batch_has_work(self) &&
			   user_access_begin(next, sizeof(*next)))) {
			/* call was found to be user memory when it was next */
			if (unlikely(!batch_put(call, res))) {
				user_access_end();
				goto lost;
			}
			at->last = pos;
			pos = to;
			call = next;
			if (unlikely(!batch_get(call, &head, &regs))) {
				user_access_end();
				err = -EFAULT;
				goto leave;
			}
			user_access_end();
			continue;
		}
		if (!batch_store(call, res))
			goto lost;
		at->last = pos;
		pos = to;
		if (to >= n) {
			err = BATCH_DONE;
			goto leave;
		}
		err = batch_between(&put_off);
		if (err)
			goto leave;
		call = next;
		err = -EFAULT;
		if (!batch_fetch(call, &head, &regs))
			goto leave;
	}
lost:
	at->state = BATCH_RAN;
	at->res = res;
	err = -EFAULT;
leave:
	at->pos = pos;
	return err;
}

/*
 * The ioctl BATCH_RUN. Returns as batch_uapi.h says, or a restart code for the
 * kernel's way out.
 */
static __always_inline long batch_run(struct batch_req __user *ureq)
{
	u32 n, stride;
	struct batch_at at BATCH_UNCLEARED;
	u64 calls;
	long ret;

	/* Nothing is read for a task whose calls are somebody's business. */
	if (unlikely(batch_watched()))
		return -EOPNOTSUPP;
	if (!user_access_begin(ureq, sizeof(*ureq)))
		return -EFAULT;
	unsafe_get_user(calls, &ureq->calls, fault);
	unsafe_get_user(n, &ureq->n, fault);
	unsafe_get_user(at.pos, &ureq->pos, fault);
	unsafe_get_user(at.state, &ureq->state, fault);
	unsafe_get_user(at.flags, &ureq->flags, fault);
	unsafe_get_user(stride, &ureq->stride, fault);
	user_access_end();

	/* Too small, too large or no multiple of 8, in one comparison. */
	if ((at.flags & ~BATCH_REFS) || at.state > BATCH_RAN ||
	    ror32(stride - sizeof(struct batch_call), 3) >
	    (BATCH_MAX_STRIDE - sizeof(struct batch_call)) / 8)
		return -EINVAL;
	if (unlikely(at.state == BATCH_RAN) && get_user(at.res, &ureq->res))
		return -EFAULT;

	ret = BATCH_DONE;
	at.last = n;
	if (at.pos < n)
		ret = batch_loop(u64_to_user_ptr(calls + (u64)at.pos * stride),
				 n, stride, &at);
	else
		at.pos = n;

	if (!user_access_begin(ureq, sizeof(*ureq)))
		return -EFAULT;
	unsafe_put_user(at.pos, &ureq->pos, fault);
	unsafe_put_user(at.state, &ureq->state, fault);
	if (likely(at.last != n))
		unsafe_put_user(at.last, &ureq->last, fault);
	if (unlikely(at.state == BATCH_RAN))
		unsafe_put_user(at.res, &ureq->res, fault);
	user_access_end();
	return ret;
fault:
	user_access_end();
	return -EFAULT;
}

/**
 * batch_ioctl() - the device's service.
 * @file: the device, open
 * @cmd: BATCH_RUN or BATCH_INFO
 * @arg: user address of the request or of what is to hold the information
 *
 * There is no compat_ioctl: 32-bit tasks would make other calls than they
 * mean, and get ENOTTY.
 *
 * Return: see batch_run(); 0 or a negative errno for BATCH_INFO.
 */
long batch_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	long ret;

	switch (cmd) {
	case BATCH_RUN:
		/* An entry may close this very file. */
		get_file(file);
		ret = batch_run((struct batch_req __user *)arg);
		fput(file);
		return ret;
	case BATCH_INFO:
		return batch_info((struct batch_info __user *)arg);
	default:
		return -ENOTTY;
	}
}
