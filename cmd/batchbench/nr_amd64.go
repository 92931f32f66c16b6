// SPDX-License-Identifier: BSD-3-Clause

package main

import "syscall"

const fstatat = syscall.SYS_NEWFSTATAT
