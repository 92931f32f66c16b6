// SPDX-License-Identifier: BSD-3-Clause

package trap

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Err shows an error with everything a program can ask about it: its text, its
// type, the errno within, and whether it is that errno itself.
func Err(err error) string {
	if err == nil {
		return "nil"
	}
	var no syscall.Errno
	text := strings.ReplaceAll(err.Error(), Dir, "DIR")
	if !errors.As(err, &no) {
		return fmt.Sprintf("%s (%T)", text, err)
	}
	return fmt.Sprintf("%s (%T, errno %d, bare %t)", text, err, int(no), err == no)
}

// Errs shows several errors in one line.
func Errs(errs ...error) string {
	var out []string
	for _, e := range errs {
		out = append(out, Err(e))
	}
	return strings.Join(out, "; ")
}

// Try runs f and prints how it ended: by returning or by a panic.
func Try(what string, f func()) {
	returned := false
	defer func() {
		if r := recover(); r != nil {
			fmt.Printf("%s: panic: %v\n", what, r)
		} else if returned {
			fmt.Printf("%s: returned\n", what)
		} else {
			fmt.Printf("%s: goexit\n", what)
		}
	}()
	f()
	returned = true
}

// Tree prints everything under Dir: kind, permissions, size, link count,
// content; times only where a program set them to the last century.
func Tree() {
	Must(filepath.WalkDir(Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		fi, err := os.Lstat(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(Dir, path)
		if err != nil {
			return err
		}
		if len(rel) > 40 {
			rel = rel[:40] + "..."
		}
		fmt.Printf("tree %s %v", rel, fi.Mode())
		switch {
		case fi.Mode().IsRegular():
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			fmt.Printf(" %d bytes %.4x, %d links", len(b), sha256.Sum256(b), fi.Sys().(*syscall.Stat_t).Nlink)
		case fi.Mode()&fs.ModeSymlink != 0:
			to, err := os.Readlink(path)
			if err != nil {
				return err
			}
			fmt.Printf(" -> %s", strings.ReplaceAll(to, Dir, "DIR"))
		}
		if t := fi.ModTime().UTC(); t.Year() < 2000 {
			fmt.Printf(" %s", t.Format("2006-01-02 15:04:05.999999999"))
		}
		fmt.Println()
		return nil
	}))
}
