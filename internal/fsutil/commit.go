// SPDX-License-Identifier: BSD-3-Clause

// Package fsutil replaces several files together or not at all.
package fsutil

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Change is the replacement of one file's contents.
type Change struct {
	Path string
	Old  []byte // what the file holds now; nil: it does not exist yet
	New  []byte
}

// ErrChanged is wrapped by the error for a file that no longer holds what it
// held when it was read.
var ErrChanged = errors.New("changed since it was read: run the command again")

// Writable reports why the file at path cannot be replaced by Commit: it is a
// symbolic link, no regular file, or read-only. A file that does not exist
// can. Write permission is read off the mode, so that a file that was marked
// read-only is respected even by root.
func Writable(path string) error {
	_, err := writable(path)
	return err
}

func writable(path string) (fs.FileInfo, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeSymlink != 0:
		target, _ := os.Readlink(path)
		return nil, fmt.Errorf("%s is a symbolic link (to %s), which is not written through: name the package that holds the file itself", path, target)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	case info.Mode().Perm()&0o200 == 0:
		return nil, fmt.Errorf("%s is read-only: chmod u+w it first", path)
	}
	return info, nil
}

// afterStaging lets tests interfere between staging and renaming.
var afterStaging = func() {}

// Commit makes all changes or none. New contents are first written and synced
// to temporary files beside the old ones, with their modes and owners; only
// then are they renamed into place, in the order given, and if one rename
// fails those before it are undone. A reader sees each file whole, old or new.
//
// Put first what must be there for the rest to make sense (go.sum, go.mod):
// should the machine stop between two renames, what is there still builds.
func Commit(changes []Change) (err error) {
	var staged []*stage
	defer func() {
		for _, s := range staged {
			s.clean()
		}
	}()
	for _, c := range changes {
		s := &stage{Change: c}
		staged = append(staged, s)
		if err := s.prepare(); err != nil {
			return err
		}
	}
	// Everything is on disk. Look once more, as late as possible.
	for _, s := range staged {
		if err := s.unchanged(); err != nil {
			return err
		}
	}
	afterStaging()
	for i, s := range staged {
		if err := s.swap(); err != nil {
			for j := i - 1; j >= 0; j-- {
				err = errors.Join(err, staged[j].undo())
			}
			return err
		}
	}
	for _, dir := range dirs(changes) {
		syncDir(dir)
	}
	return nil
}

// stage is one change on its way.
type stage struct {
	Change
	tmp    string // new contents
	backup string // second name of the old file, once it exists
}

func (s *stage) prepare() error {
	info, err := writable(s.Path)
	if err != nil {
		return err
	}
	if err := s.unchanged(); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(s.Path), "."+filepath.Base(s.Path)+".*")
	if err != nil {
		return fmt.Errorf("%s cannot be replaced: %w", s.Path, err)
	}
	s.tmp = f.Name()
	mode := fs.FileMode(0o644)
	if info != nil {
		mode = info.Mode().Perm()
		if err := sameOwner(f, info); err != nil {
			f.Close()
			return fmt.Errorf("%s cannot be replaced without changing its owner: %w", s.Path, err)
		}
	}
	_, err = f.Write(s.New)
	err = errors.Join(err, f.Chmod(mode))
	err = errors.Join(err, f.Sync())
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%s cannot be replaced: %w", s.Path, err)
	}
	return nil
}

// unchanged compares the file with what it held when it was read.
func (s *stage) unchanged() error {
	now, err := os.ReadFile(s.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && s.Old == nil:
		return nil
	case err != nil:
		return err
	case s.Old == nil || !bytes.Equal(now, s.Old):
		return fmt.Errorf("%s %w", s.Path, ErrChanged)
	}
	return nil
}

// swap renames the new contents into place and keeps the old ones reachable.
func (s *stage) swap() error {
	if s.Old != nil {
		backup := s.tmp + ".old"
		if err := os.Link(s.Path, backup); err != nil {
			// A file system without hard links: a copy does as well.
			if err := copyFile(s.Path, backup); err != nil {
				return err
			}
		}
		s.backup = backup
	}
	if err := os.Rename(s.tmp, s.Path); err != nil {
		return err
	}
	s.tmp = ""
	return nil
}

func (s *stage) undo() error {
	if s.Old == nil {
		return os.Remove(s.Path)
	}
	err := os.Rename(s.backup, s.Path)
	if err == nil {
		s.backup = ""
		return nil
	}
	err = fmt.Errorf("%s could not be put back, its old contents are in %s: %w", s.Path, s.backup, err)
	s.backup = "" // keep it
	return err
}

func (s *stage) clean() {
	for _, name := range []string{s.tmp, s.backup} {
		if name != "" {
			os.Remove(name)
		}
	}
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, info.Mode().Perm())
}

func dirs(changes []Change) []string {
	var all []string
	seen := map[string]bool{}
	for _, c := range changes {
		if dir := filepath.Dir(c.Path); !seen[dir] {
			seen[dir] = true
			all = append(all, dir)
		}
	}
	return all
}

// syncDir makes renames durable; where directories cannot be synced the
// renames are still atomic, so errors do not matter.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		d.Sync()
		d.Close()
	}
}
