// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"os"
	"os/exec"
	"syscall"
)

// isolated says in which way tests are kept apart from the machine.
func isolated() string {
	if os.Geteuid() == 0 {
		return "in a mount namespace of their own"
	}
	return "without a mount namespace of their own, since the user is not root: tests that mount will skip or fail"
}

// isolate makes cmd a process group of its own that ends as a whole, and for
// root gives it mounts, a host name and System V objects of its own. (With
// Unshareflags Go makes the new namespace's mounts private.)
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() == 0 {
		cmd.SysProcAttr.Unshareflags = syscall.CLONE_NEWNS | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC
	}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// lock keeps other runs out of a working directory, for as long as this
// process lives or until unlock is called.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
