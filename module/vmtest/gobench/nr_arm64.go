// SPDX-License-Identifier: GPL-2.0-only

package main

import "syscall"

const sysNewfstatat = syscall.SYS_FSTATAT
