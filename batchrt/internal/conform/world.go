// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64)

package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	firstFD    = 40 // the world's descriptors have these numbers
	worldFDs   = 6
	buffers    = 4
	bufferSize = 600
)

// world is what one program runs in: a directory of its own that is the
// working directory, descriptors with known numbers, and memory.
type world struct {
	dir  string
	bufs [buffers][]byte
	st   []unix.Stat_t // one for each step
	sfs  []unix.Statfs_t
	offs [2]int64
	word [8]byte // what loads read
}

// room is where state reads files to.
var room [1 << 17]byte

// newWorld makes the directory and what is in it.
func newWorld(dir string, steps int) (*world, error) {
	w := &world{dir: dir, st: make([]unix.Stat_t, steps), sfs: make([]unix.Statfs_t, steps)}
	for i := range w.bufs {
		w.bufs[i] = make([]byte, bufferSize)
		for j := range w.bufs[i] {
			w.bufs[i][j] = byte(i*37 + j)
		}
	}
	copy(w.word[:], "\x85\x81\x01\x80\x00\x00\x00\x00")
	unix.Umask(0o022)
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	if err := os.Chdir(dir); err != nil {
		return nil, err
	}
	for name, size := range map[string]int{"a": 100, "b": 5000, "d/x": 10} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(name, []byte(strings.Repeat(name+".", size)[:size]), 0o644); err != nil {
			return nil, err
		}
	}
	if err := os.Symlink("a", "s"); err != nil {
		return nil, err
	}
	for i, open := range []func() (int, error){
		func() (int, error) { return unix.Open("a", unix.O_RDWR, 0) },
		func() (int, error) { return unix.Open("b", unix.O_RDWR, 0) },
		func() (int, error) { return unix.Open("b", unix.O_RDONLY, 0) },
		func() (int, error) { return unix.Open("d", unix.O_RDONLY|unix.O_DIRECTORY, 0) },
		func() (int, error) { return unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0) },
		func() (int, error) { return unix.Eventfd(3, unix.EFD_NONBLOCK) },
	} {
		fd, err := open()
		if err != nil {
			return nil, fmt.Errorf("descriptor %d: %v", i, err)
		}
		if err := unix.Dup3(fd, firstFD+i, unix.O_CLOEXEC); err != nil {
			return nil, err
		}
		if err := unix.Close(fd); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// state describes everything that a program may have changed. The process's own
// descriptors, in keep, are not the program's.
func (w *world) state(keep map[int]bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "umask %o\n", unix.Umask(0o022))
	for fd := 3; fd < firstFD+worldFDs+20; fd++ {
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
		if err != nil || keep[fd] {
			continue
		}
		cloexec, _ := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		pos, perr := unix.Seek(fd, 0, unix.SEEK_CUR)
		var st unix.Stat_t
		unix.Fstat(fd, &st)
		fmt.Fprintf(&b, "fd %d %x %d %d %v %o\n", fd, flags, cloexec, pos, perr, mode(&st))
	}
	for i, buf := range w.bufs {
		fmt.Fprintf(&b, "buf %d %x\n", i, sha256.Sum256(buf))
	}
	for i := range w.st {
		st := &w.st[i]
		fmt.Fprintf(&b, "stat %d %o %d %d %d\n", i, mode(st), st.Nlink, st.Size, st.Uid)
		fmt.Fprintf(&b, "statfs %d %x %d\n", i, w.sfs[i].Type, w.sfs[i].Bsize)
	}
	fmt.Fprintf(&b, "offsets %v word %x\n", w.offs, w.word)
	cwd, err := os.Getwd()
	fmt.Fprintf(&b, "cwd %s %v\n", strings.TrimPrefix(cwd, w.dir), err)
	var lines []string
	filepath.Walk(w.dir, func(path string, info os.FileInfo, err error) error {
		line := strings.TrimPrefix(path, w.dir)
		if err != nil {
			lines = append(lines, line+" unreadable")
			return nil
		}
		line += fmt.Sprintf(" %v", info.Mode())
		switch {
		case info.Mode().IsRegular():
			// Files can be large where a seek went far; they are sparse.
			data := room[:]
			f, err := os.Open(path)
			if err == nil {
				var n int
				n, err = io.ReadFull(f, data)
				data = data[:n]
				f.Close()
			}
			line += fmt.Sprintf(" %d %x %v", info.Size(), sha256.Sum256(data), err)
		case info.Mode()&os.ModeSymlink != 0:
			to, _ := os.Readlink(path)
			line += " -> " + to
		}
		var value [64]byte
		if n, err := unix.Lgetxattr(path, "user.t", value[:]); err == nil {
			line += fmt.Sprintf(" user.t=%x", value[:n])
		}
		lines = append(lines, line)
		return nil
	})
	sort.Strings(lines)
	b.WriteString(strings.Join(lines, "\n"))
	return b.String()
}

// mode is a file's, but for anonymous inodes: all of them are one, and when
// root's fchmod hits it, other processes see that as well.
func mode(st *unix.Stat_t) uint32 {
	if st.Mode&unix.S_IFMT == 0 {
		return 0
	}
	return st.Mode
}

// clear closes what is open and removes the directory.
func (w *world) clear(keep map[int]bool) error {
	for fd := 3; fd < firstFD+worldFDs+60; fd++ {
		if !keep[fd] {
			unix.Close(fd)
		}
	}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	unlock(w.dir)
	return os.RemoveAll(w.dir)
}

// unlock lets a directory's owner, if he is not root, remove what is in it,
// whatever modes it was given.
func unlock(dir string) {
	if os.Getuid() == 0 || os.Chmod(dir, 0o700) != nil {
		return
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.IsDir() {
			unlock(filepath.Join(dir, e.Name()))
		}
	}
}

// source is what a load reads.
func (w *world) source(l loadStep) unsafe.Pointer {
	switch {
	case l.null:
		return nil
	case l.buf >= 0:
		return unsafe.Pointer(&w.bufs[l.buf][l.off])
	}
	return unsafe.Pointer(&w.word)
}
