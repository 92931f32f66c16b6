// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// tool is a program, or a file by its path, that must be on the machine, and
// the package it is in.
type tool struct{ program, pkg string }

func (t tool) missing() bool {
	if strings.HasPrefix(t.program, "/") {
		_, err := os.Stat(t.program)
		return err != nil
	}
	_, err := exec.LookPath(t.program)
	return err != nil
}

var testTools = []tool{
	{"qemu-system-x86_64", "qemu-system-x86"},
	{"gcc-12", "gcc-12"},
	{"gcc", "gcc"},
	{"make", "make"},
	{"sparse", "sparse"},
	{"pahole", "pahole"},
	{"modinfo", "kmod"},
	{"apt-cache", "apt"},
}

// armTools build for and boot arm64.
var armTools = []tool{
	{"qemu-system-aarch64", "qemu-system-arm"},
	{"aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu"},
	{"aarch64-linux-gnu-gcc-12", "gcc-12-aarch64-linux-gnu"},
	{"/usr/aarch64-linux-gnu/include/stdio.h", "libc6-dev-arm64-cross"},
}

// needTools installs what is missing, or says how.
func needTools(tools []tool) error {
	var missing []string
	for _, t := range tools {
		if t.missing() {
			missing = append(missing, t.pkg)
		}
	}
	if missing == nil {
		return nil
	}
	if os.Geteuid() != 0 {
		return fmt.Errorf("missing programs; as root: apt-get install %s", strings.Join(missing, " "))
	}
	env := []string{"DEBIAN_FRONTEND=noninteractive"}
	install := append([]string{"install", "-y", "-q", "--no-install-recommends"}, missing...)
	if _, err := commandIn("", env, "apt-get", install...); err == nil {
		return nil
	}
	if _, err := commandIn("", env, "apt-get", "update", "-q"); err != nil {
		return err
	}
	_, err := commandIn("", env, "apt-get", install...)
	return err
}
