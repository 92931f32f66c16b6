// SPDX-License-Identifier: GPL-2.0-only
/*
 * One request, entry by entry.
 *
 * Entries are streamed: each is read when its turn comes and its result is
 * stored before the next is read. So nothing is allocated, nothing is read
 * twice, entries can write into later ones, and a request that was left in
 * the middle just goes on when the same ioctl is made again.
 */
#include <linux/errno.h>
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
#define BATCH_JUMP(head, class)	((s16)((head) >> BATCH_SHIFT(class)))

/*
 * Kernels that clear all stack memory would clear the registers that no call
 * reads, in every request.
 */
#if defined(__CHECKER__) || !__has_attribute(__uninitialized__)
#define BATCH_UNCLEARED
#else
#define BATCH_UNCLEARED	__attribute__((__uninitialized__))
#endif

/* How far a request has come. */
struct batch_at {
	u32 pos;
	u32 last;
	u32 state;
	u32 put_off;	/* entries run since TIF_NOTIFY_RESUME was first seen */
	s64 res;
};

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

/* Read an entry, and see that its slot can be written (it keeps its value). */
static __always_inline int batch_fetch(struct batch_call __user *call,
				       u64 *head, struct pt_regs *regs)
{
	s64 slot;

	if (!user_access_begin(call, sizeof(*call)))
		return -EFAULT;
	unsafe_get_user(*head, (u64 __user *)call, fault);
	unsafe_get_user(slot, &call->ret, fault);
	unsafe_put_user(slot, &call->ret, fault);
	unsafe_get_user(BATCH_ARG0(regs), &call->arg[0], fault);
	unsafe_get_user(BATCH_ARG1(regs), &call->arg[1], fault);
	unsafe_get_user(BATCH_ARG2(regs), &call->arg[2], fault);
	unsafe_get_user(BATCH_ARG3(regs), &call->arg[3], fault);
	unsafe_get_user(BATCH_ARG4(regs), &call->arg[4], fault);
	unsafe_get_user(BATCH_ARG5(regs), &call->arg[5], fault);
	user_access_end();
	return 0;
fault:
	user_access_end();
	return -EFAULT;
}

/* put_user(), in line. */
static __always_inline int batch_store(struct batch_call __user *call, s64 res)
{
	if (!user_access_begin(&call->ret, sizeof(call->ret)))
		return -EFAULT;
	unsafe_put_user(res, &call->ret, fault);
	user_access_end();
	return 0;
fault:
	user_access_end();
	return -EFAULT;
}

#define BATCH_LOAD(type, src, val) ({					\
	type __v = 0;							\
	int __err = get_user(__v, (type __user *)u64_to_user_ptr(src));	\
	(val) = __v;							\
	__err;								\
})

/**
 * batch_copy_word() - the pseudo call wdcpy.
 * @dst: user address of 8 bytes to write
 * @src: user address to read
 * @width: bytes to read, negative to extend the sign, 0 for 8
 *
 * Return: 0, -EFAULT or -EINVAL.
 */
int batch_copy_word(u64 dst, u64 src, s64 width)
{
	s64 val;
	int err;

	switch (width) {
	case 0:
	case 8:
	case -8:
		err = BATCH_LOAD(s64, src, val);
		break;
	case 4:
		err = BATCH_LOAD(u32, src, val);
		break;
	case -4:
		err = BATCH_LOAD(s32, src, val);
		break;
	case 2:
		err = BATCH_LOAD(u16, src, val);
		break;
	case -2:
		err = BATCH_LOAD(s16, src, val);
		break;
	case 1:
		err = BATCH_LOAD(u8, src, val);
		break;
	case -1:
		err = BATCH_LOAD(s8, src, val);
		break;
	default:
		return -EINVAL;
	}
	if (err)
		return err;
	return put_user(val, (s64 __user *)u64_to_user_ptr(dst));
}

/* Was a call cut short by a signal, and may it be made again? */
static __always_inline bool batch_interrupted(s64 res)
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
static int batch_restart(struct batch_call __user *call, struct batch_at *at,
			 s64 res)
{
	/* If a handler ends the call, this is its result. */
	if (put_user((s64)-EINTR, &call->ret))
		return -EFAULT;
	if (res != -ERESTART_RESTARTBLOCK)
		return res;
	at->state = BATCH_RESTART;
	return -ERESTARTNOHAND;
}

/*
 * What a plain call would have met on its way out, with entries left to run.
 * Return: 0 to go on, else what to leave with.
 */
static int batch_between(struct batch_at *at)
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
	return ++at->put_off > BATCH_PUT_OFF ? BATCH_CONTINUE : 0;
}

static __always_inline bool batch_has_work(const struct thread_info *self)
{
	return (READ_ONCE(self->flags) & BATCH_WORK) || batch_watches(self);
}

/* Numbers that are no calls. */
static noinline s64 batch_pseudo(s16 nr, const struct pt_regs *regs)
{
	switch (nr) {
	case BATCH_NR_WDCPY:
		return batch_copy_word(BATCH_ARG0(regs), BATCH_ARG1(regs),
				       BATCH_ARG2(regs));
	case BATCH_NR_CONST:
		return BATCH_ARG0(regs);
	default:
		return -ENOSYS;
	}
}

/* What became of an entry. */
enum batch_fate { BATCH_KNOWN, BATCH_CALLED, BATCH_REFUSED };

/* Entry at->pos is read; run it or what is left of it. */
static __always_inline enum batch_fate
batch_entry(u64 *head, const struct pt_regs *regs, struct batch_at *at,
	    s64 *res)
{
	unsigned int nr = (u16)BATCH_NR(*head);

	if (unlikely(at->state != BATCH_START)) {
		bool ran = at->state == BATCH_RAN;

		at->state = BATCH_START;
		*res = at->res;
		if (ran)
			return BATCH_KNOWN;
		/* Any task may make this call at any time. */
		*res = static_call(batch_call)(regs, __NR_restart_syscall);
		return BATCH_CALLED;
	}
	if (unlikely(nr >= BATCH_NR_CALLS)) {
		*res = batch_pseudo(BATCH_NR(*head), regs);
		/* A word was copied, not a call answered 0. */
		if (BATCH_NR(*head) == BATCH_NR_WDCPY)
			*head &= ~(0xffffULL << BATCH_SHIFT(BATCH_ZERO));
		return BATCH_KNOWN;
	}
	nr = array_index_nospec(nr, BATCH_NR_CALLS);
	if (unlikely(!batch_may_run(nr)))
		return BATCH_REFUSED;
	*res = static_call(batch_call)(regs, nr);
	return BATCH_CALLED;
}

static __always_inline int batch_jump(u64 head, s64 res)
{
	if (res == 0)
		return BATCH_JUMP(head, BATCH_ZERO);
	if ((u64)res >= (u64)-MAX_ERRNO)
		return BATCH_JUMP(head, BATCH_NEG);
	return BATCH_JUMP(head, BATCH_POS);
}

static int batch_loop(u64 calls, u32 n, u32 stride, struct batch_at *at)
{
	const struct thread_info *self = current_thread_info();
	u64 addr = calls + (u64)at->pos * stride;
	u32 pos = at->pos;
	struct pt_regs regs BATCH_UNCLEARED;
	int err;

	while (pos < n) {
		struct batch_call __user *call = u64_to_user_ptr(addr);
		enum batch_fate fate;
		u64 head;
		s64 res;
		int jump;

		err = -EFAULT;
		if (unlikely(batch_fetch(call, &head, &regs)))
			goto leave;
		fate = batch_entry(&head, &regs, at, &res);
		if (unlikely(fate == BATCH_REFUSED)) {
			err = -EOPNOTSUPP;
			goto leave;
		}
		if (fate == BATCH_CALLED && unlikely(batch_interrupted(res))) {
			err = batch_restart(call, at, res);
			goto leave;
		}
		if (unlikely(batch_store(call, res))) {
			at->state = BATCH_RAN;
			at->res = res;
			err = -EFAULT;
			goto leave;
		}
		at->last = pos;
		jump = batch_jump(head, res);
		pos++;
		addr += stride;
		if (unlikely(jump)) {
			if (jump < 0 || jump >= n - pos)
				break;
			pos += jump;
			addr += (u64)jump * stride;
		}
		if (unlikely(batch_has_work(self)) && pos < n) {
			err = batch_between(at);
			if (err)
				goto leave;
		}
	}
	at->pos = n;
	return BATCH_DONE;
leave:
	at->pos = pos;
	return err;
}

/**
 * batch_run() - the ioctl BATCH_RUN.
 * @ureq: the request
 *
 * Return: as batch_uapi.h says, or a restart code for the kernel's exit path.
 */
long batch_run(struct batch_req __user *ureq)
{
	union {
		struct batch_req req;
		u64 word[5];
	} in;
	struct batch_at at;
	long ret;

	BUILD_BUG_ON(sizeof(in.req) != sizeof(in.word));

	/* Nothing is read for a task whose calls are somebody's business. */
	if (unlikely(batch_watched()))
		return -EOPNOTSUPP;
	if (!user_access_begin(ureq, sizeof(*ureq)))
		return -EFAULT;
	unsafe_get_user(in.word[0], (u64 __user *)ureq + 0, fault);
	unsafe_get_user(in.word[1], (u64 __user *)ureq + 1, fault);
	unsafe_get_user(in.word[2], (u64 __user *)ureq + 2, fault);
	unsafe_get_user(in.word[3], (u64 __user *)ureq + 3, fault);
	unsafe_get_user(in.word[4], (u64 __user *)ureq + 4, fault);
	user_access_end();

	if (in.req.flags || in.req.stride - sizeof(struct batch_call) >
	    BATCH_MAX_STRIDE - sizeof(struct batch_call) ||
	    in.req.stride % 8 || in.req.state > BATCH_RAN)
		return -EINVAL;

	at = (struct batch_at){
		.pos = in.req.pos,
		.last = in.req.last,
		.state = in.req.state,
		.res = in.req.res,
	};
	ret = batch_loop(in.req.calls, in.req.n, in.req.stride, &at);

	if (!user_access_begin(ureq, sizeof(*ureq)))
		return -EFAULT;
	if (unlikely(at.state == BATCH_RAN))
		unsafe_put_user(at.res, &ureq->res, fault);
	unsafe_put_user(at.pos, &ureq->pos, fault);
	unsafe_put_user(at.last, &ureq->last, fault);
	unsafe_put_user(at.state, &ureq->state, fault);
	user_access_end();
	return ret;
fault:
	user_access_end();
	return -EFAULT;
}
