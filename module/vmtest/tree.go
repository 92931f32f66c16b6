// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// tree is a Debian system unpacked in a folder, for kernels that want a newer
// compiler than this machine has. A nil tree is this machine.
type tree struct{ root, cache string }

// What building a module takes. (apt does not add what is essential when it is
// told that nothing is installed.)
var treePackages = []string{"gcc-14", "make", "pahole", "sparse", "kmod", "libc6-dev", "libelf-dev", "perl-base", "mawk", "base-files", "xz-utils",
	"dash", "bash", "coreutils", "sed", "grep", "findutils", "diffutils", "util-linux", "dpkg", "tar", "bc"}

// newTree unpacks treePackages of a release, with all they depend on. Nothing
// is installed: no maintainer script runs, so the two links that scripts would
// make are made here.
func newTree(cache, release string) (*tree, error) {
	t := &tree{root: filepath.Join(cache, "tree-"+release), cache: cache}
	done := filepath.Join(t.root, ".done")
	if _, err := os.Stat(done); err == nil {
		return t, nil
	}
	if err := os.RemoveAll(t.root); err != nil {
		return nil, err
	}
	a, err := newApt(filepath.Join(cache, "apt-"+release), []string{release, release + "-updates", release + "-security"}, "amd64")
	if err != nil {
		return nil, err
	}
	out, err := a.run(a.root, "apt-get", append([]string{"install", "--print-uris", "-q", "-y", "--no-install-recommends"}, treePackages...)...)
	if err != nil {
		return nil, err
	}
	var pkgs []string
	for _, m := range regexp.MustCompile(`(?m)^'\S+' (\w\S*?)_\S+\.deb `).FindAllStringSubmatch(out, -1) {
		pkgs = append(pkgs, m[1])
	}
	// base-files has the links /bin, /lib, ... that all others rely on
	for _, p := range append([]string{"base-files"}, pkgs...) {
		if err := a.unpackOne(t.root, p); err != nil {
			return nil, err
		}
	}
	for link, target := range map[string]string{"usr/bin/awk": "mawk", "usr/bin/sh": "dash"} {
		if _, err := os.Lstat(filepath.Join(t.root, link)); err == nil {
			continue
		}
		if err := os.Symlink(target, filepath.Join(t.root, link)); err != nil {
			return nil, err
		}
	}
	for _, d := range []string{"dev", "proc", "tmp", t.cache} {
		if err := os.MkdirAll(filepath.Join(t.root, d), 0o755); err != nil {
			return nil, err
		}
	}
	return t, os.WriteFile(done, nil, 0o644)
}

// command runs a program in the tree. Paths mean the same on both sides: the
// cache is mounted in the tree where it is on the machine. The mounts are in a
// namespace of their own and end with the program.
func (t *tree) command(name string, args ...string) (string, error) {
	if t == nil {
		return command(name, args...)
	}
	if os.Geteuid() != 0 {
		return "", fmt.Errorf("building in %s needs root (chroot)", t.root)
	}
	script := strings.Join([]string{
		`mount --bind "$1" "$0$1"`, `mount -t proc proc "$0/proc"`, `mount --bind /dev "$0/dev"`,
		`root=$0`, `shift`, `exec chroot "$root" "$@"`}, " && ")
	return command("unshare", append([]string{"--mount", "sh", "-c", script, t.root, t.cache, name}, args...)...)
}
