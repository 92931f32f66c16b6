// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"strings"
	"testing"
)

// file makes a Go file of declarations: it adds the imports they need.
func file(decls string) string {
	var b strings.Builder
	b.WriteString("package p\n\nimport (\n")
	for _, p := range []string{"errors", "fmt", "log", "os", "sync", "syscall", "time", "unsafe",
		"golang.org/x/sys/unix", "github.com/autobatch/autobatch/batchrt"} {
		if strings.Contains(decls, p[strings.LastIndexByte(p, '/')+1:]+".") {
			b.WriteString("\t\"" + p + "\"\n")
		}
	}
	b.WriteString(")\n\n")
	b.WriteString(decls)
	return b.String()
}

// base is an original with a right edit.
type base struct{ orig, edited string }

var bases = map[string]base{
	"two": {`
func f(p, q string) error {
	var s1, s2 unix.Stat_t
	// the old one
	if err := unix.Lstat(p, &s1); err != nil {
		return fmt.Errorf("old: %w", err)
	}
	// the new one
	if err := unix.Lstat(q, &s2); err != nil {
		return fmt.Errorf("new: %w", err)
	}
	fmt.Println(s1.Size, s2.Size)
	return nil
}`, `
func f(p, q string) error {
	var s1, s2 unix.Stat_t
	// the old one
	var arena batchrt.Arena
	ops := []batchrt.Op{
		arena.Lstat(p, &s1),
		arena.Lstat(q, &s2),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		return fmt.Errorf("old: %w", err)
	}
	// the new one
	if err := ops[1].Err(); err != nil {
		return fmt.Errorf("new: %w", err)
	}
	fmt.Println(s1.Size, s2.Size)
	return nil
}`},
	"three": {`
func f(fd int, buf []byte, m uint32) (int, error) {
	var st unix.Stat_t
	err := unix.Fstat(fd, &st)
	if err != nil {
		return 0, err
	}
	err = unix.Fchmod(fd, m)
	if err != nil {
		return 1, err
	}
	n, err := unix.Pread(fd, buf, 16)
	if err != nil {
		return 2, err
	}
	return n, nil
}`, `
func f(fd int, buf []byte, m uint32) (int, error) {
	var st unix.Stat_t
	ops := []batchrt.Op{
		batchrt.Fstat(fd, &st),
		batchrt.Fchmod(fd, m),
		batchrt.Pread(fd, buf, 16),
	}
	batchrt.Run(ops)
	err := ops[0].Err()
	if err != nil {
		return 0, err
	}
	err = ops[1].Err()
	if err != nil {
		return 1, err
	}
	n, err := ops[2].Int()
	if err != nil {
		return 2, err
	}
	return n, nil
}`},
	"resume": {`
func f(p, q string, m uint32) error {
	err := unix.Chmod(p, m)
	if err != nil {
		log.Print(err)
	}
	err2 := unix.Chmod(q, m)
	return errors.Join(err, err2)
}`, `
func f(p, q string, m uint32) error {
	var arena batchrt.Arena
	ops := []batchrt.Op{
		arena.Chmod(p, m),
		arena.Chmod(q, m),
	}
	batchrt.Run(ops)
	err := ops[0].Err()
	if err != nil {
		log.Print(err)
	}
	err2 := ops[1].ErrOr(func() error { return unix.Chmod(q, m) })
	return errors.Join(err, err2)
}`},
	"lets": {`
func f(p, q, r string) error {
	if err := unix.Unlink(p); err != nil && err != unix.ENOENT {
		return err
	}
	if err := unix.Unlink(q); err != nil && err != unix.ENOENT {
		return err
	}
	return unix.Mkdir(r, 0o755)
}`, `
func f(p, q, r string) error {
	var arena batchrt.Arena
	ops := []batchrt.Op{
		arena.Unlink(p),
		arena.Unlink(q),
		arena.Mkdir(r, 0o755),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil && err != unix.ENOENT {
		return err
	}
	if err := ops[1].ErrOr(func() error { return unix.Unlink(q) }); err != nil && err != unix.ENOENT {
		return err
	}
	return ops[2].ErrOr(func() error { return unix.Mkdir(r, 0o755) })
}`},
	"search": {`
func f(p, q string) (int, error) {
	fd, err := unix.Open(p, unix.O_RDONLY, 0)
	if err == nil {
		return fd, nil
	}
	return unix.Open(q, unix.O_RDONLY, 0)
}`, `
func f(p, q string) (int, error) {
	var arena batchrt.Arena
	ops := []batchrt.Op{
		arena.Open(p, unix.O_RDONLY, 0).GoOn().StopOnSuccess(),
		arena.Open(q, unix.O_RDONLY, 0),
	}
	batchrt.Run(ops)
	fd, err := ops[0].Int()
	if err == nil {
		return fd, nil
	}
	return ops[1].Int()
}`},
	"eof": {`
func f(fd int, a, b []byte) (int, error) {
	n, err := unix.Pread(fd, a, 0)
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, errors.New("empty")
	}
	return unix.Pread(fd, b, 4096)
}`, `
func f(fd int, a, b []byte) (int, error) {
	ops := []batchrt.Op{
		batchrt.Pread(fd, a, 0).StopOnZero(),
		batchrt.Pread(fd, b, 4096),
	}
	batchrt.Run(ops)
	n, err := ops[0].Int()
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, errors.New("empty")
	}
	return ops[1].Int()
}`},
	"closes": {`
func f(a, b, c int) {
	unix.Close(a)
	_ = unix.Close(b)
	unix.Close(c)
	fmt.Println("closed")
}`, `
func f(a, b, c int) {
	ops := []batchrt.Op{
		batchrt.Close(a).GoOn(),
		batchrt.Close(b).GoOn(),
		batchrt.Close(c),
	}
	batchrt.Run(ops)
	_ = ops[0].Err()
	_ = ops[1].Err()
	_ = ops[2].Err()
	fmt.Println("closed")
}`},
	"forms": {`
func f(fd int, buf []byte) (n int, off int64, err error) {
	n, err = unix.Pread(fd, buf, 0)
	if err != nil {
		log.Print(err)
	}
	off, err = unix.Seek(fd, 0, 2)
	unix.Sync()
	pid := unix.Getpid()
	fmt.Println(pid)
	return
}`, `
func f(fd int, buf []byte) (n int, off int64, err error) {
	ops := []batchrt.Op{
		batchrt.Pread(fd, buf, 0),
		batchrt.Seek(fd, 0, 2).GoOn(),
		batchrt.Sync().GoOn(),
		batchrt.Getpid(),
	}
	batchrt.Run(ops)
	n, err = ops[0].Int()
	if err != nil {
		log.Print(err)
	}
	off, err = ops[1].Int64Or(func() (int64, error) { return unix.Seek(fd, 0, 2) })
	ops[2].NoneOr(func() { unix.Sync() })
	pid := ops[3].ValOr(func() int { return unix.Getpid() })
	fmt.Println(pid)
	return
}`},
}

// TestBases proves the right edits that the wrong ones are made from.
func TestBases(t *testing.T) {
	for name, b := range bases {
		t.Run(name, func(t *testing.T) {
			if err := pair(t, file(b.orig), file(b.edited)); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestIdentity proves functions equal to themselves.
func TestIdentity(t *testing.T) {
	for name, b := range bases {
		if err := pair(t, file(b.orig), file(b.orig)); err != nil {
			t.Errorf("%s: original: %v", name, err)
		}
		if err := pair(t, file(b.edited), file(b.edited)); err != nil {
			t.Errorf("%s: edited: %v", name, err)
		}
	}
}
