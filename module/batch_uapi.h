/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * What user space and the batch module say to each other.
 *
 * This is the only definition of the interface. Constants of other languages
 * are generated from it or checked against it.
 */
#ifndef _UAPI_LINUX_BATCH_H
#define _UAPI_LINUX_BATCH_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Reported in batch_info.abi; changes when an old program would be misread. */
#define BATCH_ABI 1

/* Largest batch_req.stride, in bytes. */
#define BATCH_MAX_STRIDE 4096

/*
 * Pseudo calls: numbers in batch_call.nr that the executor carries out itself.
 *
 * BATCH_NR_WDCPY: *(s64 *)arg[0] = value at arg[1]. arg[2] is the width of the
 * source in bytes: 8, 4, 2 or 1, 0 meaning 8, negative meaning that the value
 * is sign-extended. The destination is always 8 bytes. Its result is 0 and
 * execution goes on at the next entry whatever jzero says; a fault is -EFAULT,
 * any other width -EINVAL, and both take jneg.
 *
 * BATCH_NR_CONST: the result is arg[0], as if a call had returned it.
 *
 * Every other number outside the kernel's table is -ENOSYS, as in a plain call.
 */
#define BATCH_NR_WDCPY (-2)
#define BATCH_NR_CONST (-3)

/*
 * One entry. After it ran, its result (-4095 ... -1 is -errno) is in ret, and
 * the next entry is this one + 1 + jneg, jzero or jpos, by the result's class.
 * A negative jump ends the batch, and so does one past the last entry.
 */
struct batch_call {
	__s16 nr;
	__s16 jneg;
	__s16 jzero;
	__s16 jpos;
	__s64 ret;
	__u64 arg[6];
};

/*
 * A request. The entries lie at calls, calls + stride, ... ; what is between
 * them is the caller's. stride is a multiple of 8, 64 to BATCH_MAX_STRIDE.
 * flags is 0 or BATCH_REFS. pos and state are read and written: called again with the same
 * request, the ioctl goes on where it stopped. last is the index of the last
 * entry that ran, written only when one did.
 */
struct batch_req {
	__u64 calls;
	__s64 res;	/* the result of entry pos if state is BATCH_RAN */
	__u32 n;
	__u32 pos;
	__u32 last;
	__u32 state;
	__u32 flags;
	__u32 stride;
};

/*
 * batch_req.flags
 *
 * BATCH_REFS: the lower ten bits of batch_call.nr are the number, and bit 10 + k
 *	says that arg[k] is the index of an entry: the argument is what that
 *	entry's slot holds when this entry's turn comes. An index that is not
 *	below the entry's own makes -EINVAL its result, a slot that cannot be
 *	read -EFAULT. The pseudo calls' numbers stay what they are.
 */
#define BATCH_REFS	(1U << 8)
#define BATCH_REFS_SHIFT	10

/*
 * batch_req.state
 *
 * BATCH_START: entry pos has not run.
 * BATCH_RESTART: entry pos was interrupted and waits to be continued as by
 *	restart_syscall(). If the ioctl fails with EOPNOTSUPP in this state,
 *	make that call instead of the entry's own. After EINTR, set BATCH_START.
 * BATCH_RAN: entry pos ran, but its slot could not be written: res is its
 *	result. Called again, the ioctl stores it and takes its jump.
 */
#define BATCH_START	0
#define BATCH_RESTART	1
#define BATCH_RAN	2

/*
 * Values of ioctl(BATCH_RUN), when it is no error:
 *
 * BATCH_DONE: the batch ended.
 * BATCH_CONTINUE: the kernel has work to do before entry pos; call again.
 *
 * Errors:
 *
 * EINTR: entry pos was interrupted by a handler without SA_RESTART; its result
 *	is -EINTR: take its jneg and go on.
 * EOPNOTSUPP: entry pos may not run here; from it on make plain calls.
 * EFAULT: entry pos cannot be read or its slot cannot be written (or ran, see
 *	BATCH_RAN), or the request itself cannot.
 * EINVAL: flags, stride or state is not what is said above.
 * Anything else: go on with plain calls at entry pos.
 */
#define BATCH_DONE	0
#define BATCH_CONTINUE	1

/* Words of the allow bitmap, and the number of call numbers it covers. */
#define BATCH_ALLOW_WORDS	16
#define BATCH_ALLOW_BITS	(BATCH_ALLOW_WORDS * 64)

/*
 * batch_info.features
 *
 * BATCH_F_WIDTHS: BATCH_NR_WDCPY knows widths.
 * BATCH_F_DIRECT: calls are reached by the kernel's own switch, without an
 *	indirect branch.
 * BATCH_F_TASK_WORK: closing a file is finished inside the batch; otherwise
 *	such an entry is followed by BATCH_CONTINUE.
 * BATCH_F_SLOT: the seed's system call (slot 183) is served as well.
 * BATCH_F_REFS: BATCH_REFS is known.
 */
#define BATCH_F_WIDTHS		(1U << 0)
#define BATCH_F_DIRECT		(1U << 1)
#define BATCH_F_TASK_WORK	(1U << 2)
#define BATCH_F_SLOT		(1U << 3)
#define BATCH_F_REFS		(1U << 4)

/* What this module can do. Bit nr of allow says that call nr may be an entry. */
struct batch_info {
	__u32 abi;
	__u32 max_stride;
	__u32 features;
	__u32 nbits;
	__u64 allow[BATCH_ALLOW_WORDS];
};

#define BATCH_IOC_MAGIC	0xB7
#define BATCH_RUN	_IOWR(BATCH_IOC_MAGIC, 0x51, struct batch_req)
#define BATCH_INFO	_IOR(BATCH_IOC_MAGIC, 0x52, struct batch_info)

#endif /* _UAPI_LINUX_BATCH_H */
