// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
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

// inNamespace is set in the environment of this very program where it is run
// to prepare a new mount namespace.
const inNamespace = "AUTOBATCH_CORPUS_NAMESPACE"

// isolate makes cmd a process group of its own that ends as a whole, and for
// root gives it mounts, a host name and System V objects of its own. (With
// Unshareflags Go makes the new namespace's mounts private.)
func isolate(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	if os.Geteuid() != 0 {
		return nil
	}
	cmd.SysProcAttr.Unshareflags = syscall.CLONE_NEWNS | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd.Args = append([]string{self, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = self
	cmd.Env = append(cmd.Env, inNamespace+"=1")
	return nil
}

// enter prepares the namespace that it is run in, runs a program there and
// exits as that does.
func enter(args []string) {
	os.Unsetenv(inNamespace)
	// The tests of FUSE file systems end connections through fusectl; where it
	// is missing they fail, with the rewrite or without.
	if l, err := os.ReadDir(connections); err == nil && len(l) == 0 {
		_ = syscall.Mount("none", connections, "fusectl", 0, "")
	}
	go freeStuck(connectionNumbers())
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.Exited() {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "corpus: %s: %v\n", args[0], err)
		os.Exit(1)
	}
	os.Exit(0)
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
