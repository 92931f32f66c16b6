// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package main

import "golang.org/x/sys/unix"

const newfstatat = unix.SYS_NEWFSTATAT
