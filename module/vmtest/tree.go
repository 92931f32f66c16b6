// SPDX-License-Identifier: GPL-2.0-only

package main

// tree is a Debian system unpacked in a folder, for kernels that want a newer
// compiler than this machine has. A nil tree is this machine.
type tree struct{ root string }

// command runs a program in the tree. Paths mean the same on both sides: the
// cache is mounted in the tree where it is on the machine.
func (t *tree) command(name string, args ...string) (string, error) {
	if t == nil {
		return command(name, args...)
	}
	return command("chroot", append([]string{t.root, name}, args...)...)
}
