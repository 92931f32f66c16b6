// SPDX-License-Identifier: GPL-2.0-only
/*
 * batch - many system calls in one crossing, through /dev/batch.
 *
 * The device's only service is to run calls that the caller could have made
 * itself, in the caller's own context and with the caller's own rights.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/compat.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <linux/version.h>

#include "batch.h"

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#error "batch: needs Linux 5.11 (syscall_work); 6.1 is the oldest that is tested"
#endif

/**
 * batch_info() - the ioctl BATCH_INFO.
 * @uinfo: where to tell it
 *
 * Return: 0 or -EFAULT.
 */
long batch_info(struct batch_info __user *uinfo)
{
	struct batch_info info = {
		.abi = BATCH_ABI,
		.max_stride = BATCH_MAX_STRIDE,
		.features = batch_features,
		.nbits = BATCH_ALLOW_BITS,
	};

	batch_policy_info(info.allow);
	return copy_to_user(uinfo, &info, sizeof(info)) ? -EFAULT : 0;
}

static const struct file_operations batch_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = batch_ioctl,
	.llseek = noop_llseek,
};

static struct miscdevice batch_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "batch",
	.fops = &batch_fops,
	.mode = 0660,
};

static int __init batch_init(void)
{
	int err;

	BUILD_BUG_ON(sizeof(struct batch_call) != 64);
	BUILD_BUG_ON(sizeof(struct batch_req) != 40);

	batch_policy_init();
	err = batch_reach();
	if (err)
		return err;
	err = batch_slot_init();
	if (err)
		return err;
	err = misc_register(&batch_device);
	if (err) {
		batch_slot_exit();
		return err;
	}
	batch_reach_task_work();
	pr_info("ready, abi %u, features %#x\n", BATCH_ABI, batch_features);
	return 0;
}

static void __exit batch_exit(void)
{
	misc_deregister(&batch_device);
	batch_slot_exit();
}

module_init(batch_init);
module_exit(batch_exit);

MODULE_DESCRIPTION("Batches of system calls in one crossing");
MODULE_AUTHOR("The autobatch authors");
MODULE_LICENSE("GPL");
MODULE_VERSION("1.0");
MODULE_ALIAS("devname:batch");
