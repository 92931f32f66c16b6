/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the module's parts say to each other.
 *
 * main.c    the device, loading and unloading
 * run.c     one request, entry by entry
 * pseudo.c  entries that are no calls, arguments that are results
 * policy.c  which calls, which tasks
 * reach.c   the two kernel functions that modules are not given
 * slot.c    the seed's system call (x86-64, off by default)
 */
#ifndef BATCH_H
#define BATCH_H

#include <linux/compiler.h>
#include <linux/nospec.h>
#include <linux/ptrace.h>
#include <linux/static_call.h>
#include <linux/thread_info.h>
#include <linux/types.h>
#include <asm/unistd.h>

#include "batch_uapi.h"

struct file;

/* The numbers the policy speaks about. No architecture has more calls. */
#define BATCH_NR_CALLS	NR_syscalls

/* main.c */
long batch_info(struct batch_info __user *uinfo);

/* run.c */
long batch_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

/* pseudo.c */
s64 batch_pseudo(u16 nr, const struct pt_regs *regs);
unsigned int batch_refs(const struct batch_call __user *call, u32 pos,
			u32 stride, u16 nr, struct pt_regs *regs, s64 *res);
int batch_copy_word(u64 dst, u64 src, s64 width);

/* reach.c */
long batch_call_none(const struct pt_regs *regs, unsigned int nr);
void batch_no_task_work(void);
DECLARE_STATIC_CALL(batch_call, batch_call_none);
DECLARE_STATIC_CALL(batch_task_work, batch_no_task_work);
extern u32 batch_features;
int batch_reach(void);
void batch_reach_task_work(void);

/* policy.c */
extern u8 batch_policy[BATCH_ALLOW_BITS];
void batch_policy_init(void);
void batch_policy_info(u64 *allow);

/**
 * batch_may_run() - may call @nr be an entry?
 * @nr: below BATCH_NR_CALLS, and not to be trusted by the branch predictor.
 */
static inline bool batch_may_run(unsigned int nr)
{
	return READ_ONCE(batch_policy[nr]);
}

/*
 * Somebody wants to see or judge this task's calls: its own filter, a tracer,
 * audit, the system call tracepoints, user dispatch. Spelled out, because the
 * kernel's combined masks also hold work that is nobody's business.
 */
#ifdef CONFIG_GENERIC_ENTRY
#define BATCH_WATCHED	(SYSCALL_WORK_SECCOMP | SYSCALL_WORK_SYSCALL_TRACE | \
			 SYSCALL_WORK_SYSCALL_TRACEPOINT | \
			 SYSCALL_WORK_SYSCALL_EMU | \
			 SYSCALL_WORK_SYSCALL_AUDIT | \
			 SYSCALL_WORK_SYSCALL_USER_DISPATCH | \
			 SYSCALL_WORK_SYSCALL_EXIT_TRAP)
static inline bool batch_watches(const struct thread_info *task)
{
	return READ_ONCE(task->syscall_work) & BATCH_WATCHED;
}
#else
#define BATCH_WATCHED	(_TIF_SECCOMP | _TIF_SYSCALL_TRACE | \
			 _TIF_SYSCALL_TRACEPOINT | _TIF_SYSCALL_EMU | \
			 _TIF_SYSCALL_AUDIT | _TIF_SINGLESTEP)
static inline bool batch_watches(const struct thread_info *task)
{
	return READ_ONCE(task->flags) & BATCH_WATCHED;
}
#endif

static inline bool batch_watched(void)
{
	return batch_watches(current_thread_info());
}

/* Point the registers that a call reads at one entry's arguments. */
#if defined(CONFIG_X86_64)
#define BATCH_ARG0(r)	((r)->di)
#define BATCH_ARG1(r)	((r)->si)
#define BATCH_ARG2(r)	((r)->dx)
#define BATCH_ARG3(r)	((r)->r10)
#define BATCH_ARG4(r)	((r)->r8)
#define BATCH_ARG5(r)	((r)->r9)
#elif defined(CONFIG_ARM64)
#define BATCH_ARG0(r)	((r)->regs[0])
#define BATCH_ARG1(r)	((r)->regs[1])
#define BATCH_ARG2(r)	((r)->regs[2])
#define BATCH_ARG3(r)	((r)->regs[3])
#define BATCH_ARG4(r)	((r)->regs[4])
#define BATCH_ARG5(r)	((r)->regs[5])
#else
#error "batch: x86-64 and arm64 only"
#endif

/* slot.c */
#ifdef CONFIG_X86_64
int batch_slot_init(void);
void batch_slot_exit(void);
#else
static inline int batch_slot_init(void)
{
	return 0;
}

static inline void batch_slot_exit(void)
{
}
#endif

#endif /* BATCH_H */
