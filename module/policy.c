// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which calls may be entries. The list is compiled in (calls.list); root may
 * narrow it, and widen it by calls that are merely not asked for, never by
 * those that a batch cannot carry out or that lead around the policy.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#include "batch.h"
#include "calls.h"

/*
 * The list in force: read without a lock, changed number by number. Bytes,
 * because looking at one is all that most entries cost here.
 */
u8 batch_policy[BATCH_ALLOW_BITS];

static DECLARE_BITMAP(batch_hard, BATCH_ALLOW_BITS);
static DECLARE_BITMAP(batch_wider, BATCH_ALLOW_BITS);
static DECLARE_BITMAP(batch_narrower, BATCH_ALLOW_BITS);

/**
 * batch_policy_init() - put the list in force together.
 *
 * Called before the first use, and under the parameter lock when root changes
 * a part of it (which happens before the module's own start as well).
 */
void batch_policy_init(void)
{
	DECLARE_BITMAP(may, BATCH_ALLOW_BITS) = {};
	unsigned int i;

	BUILD_BUG_ON(BATCH_NR_CALLS > BATCH_ALLOW_BITS);

	for (i = 0; i < ARRAY_SIZE(batch_never); i++)
		__set_bit(batch_never[i], batch_hard);
	for (i = 0; i < ARRAY_SIZE(batch_may); i++)
		__set_bit(batch_may[i], may);
	bitmap_or(may, may, batch_wider, BATCH_ALLOW_BITS);
	bitmap_andnot(may, may, batch_narrower, BATCH_ALLOW_BITS);
	bitmap_andnot(may, may, batch_hard, BATCH_ALLOW_BITS);
	for (i = 0; i < BATCH_ALLOW_BITS; i++)
		WRITE_ONCE(batch_policy[i], test_bit(i, may));
}

/**
 * batch_policy_info() - the list in force, for BATCH_INFO.
 * @allow: BATCH_ALLOW_WORDS words.
 */
void batch_policy_info(u64 *allow)
{
	unsigned int i;

	memset(allow, 0, BATCH_ALLOW_WORDS * sizeof(*allow));
	for (i = 0; i < BATCH_ALLOW_BITS; i++)
		allow[i / 64] |= (u64)READ_ONCE(batch_policy[i]) << i % 64;
}

static int batch_list_set(const char *val, const struct kernel_param *kp)
{
	DECLARE_BITMAP(list, BATCH_ALLOW_BITS);
	unsigned long *to = kp->arg;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (!val)
		return -EINVAL;
	err = bitmap_parselist(val, list, BATCH_ALLOW_BITS);
	if (err)
		return err;
	batch_policy_init();
	if (to == batch_wider && bitmap_intersects(list, batch_hard, BATCH_ALLOW_BITS)) {
		pr_warn("allow=%s names a call that can never be in a batch; nothing changed\n",
			val);
		return -EPERM;
	}
	bitmap_copy(to, list, BATCH_ALLOW_BITS);
	batch_policy_init();
	return 0;
}

static int batch_list_get(char *buf, const struct kernel_param *kp)
{
	return scnprintf(buf, PAGE_SIZE, "%*pbl\n", BATCH_ALLOW_BITS, kp->arg);
}

static const struct kernel_param_ops batch_list_ops = {
	.set = batch_list_set,
	.get = batch_list_get,
};

module_param_cb(allow, &batch_list_ops, batch_wider, 0600);
MODULE_PARM_DESC(allow, "call numbers allowed besides the list compiled in, e.g. 62,200-201 (default none)");
module_param_cb(deny, &batch_list_ops, batch_narrower, 0600);
MODULE_PARM_DESC(deny, "call numbers taken from the list compiled in, e.g. 41-55 (default none)");
