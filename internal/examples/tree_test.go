// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package examples

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// makeTree fills a folder with what the programs are run on.
func makeTree(t *testing.T, dir string) {
	t.Helper()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	write := func(name string, size int, mode os.FileMode) {
		t.Helper()
		path := filepath.Join(dir, name)
		ok(os.MkdirAll(filepath.Dir(path), 0o755))
		ok(os.WriteFile(path, bytes.Repeat([]byte{byte(size)}, size), 0o600))
		ok(os.Chmod(path, mode))
	}
	for i := range 40 {
		write(fmt.Sprintf("tree/a/file%02d", i), 37*i, 0o640)
		write(fmt.Sprintf("copy/a/file%02d", i), 1, 0o600)
	}
	for i := range 20 {
		write(fmt.Sprintf("tree/b/c/file%02d", i), 1000*i, 0o755)
		write(fmt.Sprintf("copy/b/c/file%02d", i), 1, 0o600)
	}
	for i := range 20 {
		write(fmt.Sprintf("lib%d/lib%d.so", i, i), 3*i, 0o644)
	}
	write("empty", 0, 0o644)
	write("large", 100000, 0o644)
	for _, tree := range []string{"tree", "copy"} {
		ok(os.Symlink("a/file03", filepath.Join(dir, tree, "link")))
		ok(os.Symlink("nowhere", filepath.Join(dir, tree, "dangling")))
	}
	ok(os.Chmod(filepath.Join(dir, "tree/b"), 0o700))
	for _, name := range []string{"user.one", "user.two"} {
		// Where there are no extended attributes there is nothing to copy.
		syscall.Setxattr(filepath.Join(dir, "tree/a/file05"), name, []byte(name), 0)
	}
	n := 0
	ok(filepath.WalkDir(filepath.Join(dir, "tree"), func(path string, d fs.DirEntry, err error) error {
		n++
		if err != nil {
			return err
		}
		if os.Getuid() == 0 {
			if err := os.Lchown(path, n%5, n%3); err != nil {
				return err
			}
		}
		// Reading does not change a time of access that has yet to come.
		times := []unix.Timespec{{Sec: 4000000000 + int64(n)}, {Sec: 1500000000 + int64(n)}}
		return unix.UtimesNanoAt(unix.AT_FDCWD, path, times, unix.AT_SYMLINK_NOFOLLOW)
	}))
}

// state is all that can be seen of the files below a folder: names, sizes, modes,
// owners, extended attributes, and the times that makeTree or copymeta have set.
func state(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		st := info.Sys().(*syscall.Stat_t)
		name, _ := filepath.Rel(dir, path)
		fmt.Fprint(&b, name, " ", info.Mode(), " ", info.Size(), " ", st.Uid, ":", st.Gid)
		if st.Mtim.Sec < 1600000000 {
			fmt.Fprint(&b, " ", st.Mtim.Sec)
		}
		if info.Mode().IsRegular() {
			buf := make([]byte, 1000)
			if n, err := syscall.Listxattr(path, buf); err == nil {
				fmt.Fprintf(&b, " %q", buf[:n])
			}
		}
		b.WriteByte('\n')
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
