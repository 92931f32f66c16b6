// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

// r2Arg is the register that a system call leaves as it was and that Syscall
// returns as r2: rdx.
const r2Arg = 2
