// SPDX-License-Identifier: GPL-2.0-only
/*
 * The entries that are no system calls, which the module carries out itself.
 */
#include <linux/errno.h>
#include <linux/uaccess.h>

#include "batch.h"

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

/**
 * batch_pseudo() - what a number that is no call of the kernel's stands for.
 * @nr: the number
 * @regs: the entry's arguments
 *
 * Return: the entry's result.
 */
s64 batch_pseudo(s16 nr, const struct pt_regs *regs)
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
