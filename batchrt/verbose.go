// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import "syscall"

// The executor is chosen here, before main and never later, and reported if
// asked for. Nothing else of the package does anything before it is called.
func init() {
	why := chooseExecutor()
	if v, _ := syscall.Getenv("BATCH_VERBOSE"); v == "1" {
		// Not by package os: it is not needed for anything else.
		msg := "batchrt: executor " + Executor() + " (" + why + ")\n"
		syscall.Write(2, []byte(msg))
	}
}
