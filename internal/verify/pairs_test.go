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
	ops := [...]batchrt.Op{
		arena.Lstat(p, &s1).OrStop(),
		arena.Lstat(q, &s2).OrStop(),
	}
	batchrt.Run(ops[:])
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
	ops := [...]batchrt.Op{
		batchrt.Fstat(fd, &st).OrStop(),
		batchrt.Fchmod(fd, m).OrStop(),
		batchrt.Pread(fd, buf, 16).OrStop(),
	}
	batchrt.Run(ops[:])
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
	ops := [...]batchrt.Op{
		arena.Chmod(p, m).OrStop(),
		arena.Chmod(q, m),
	}
	batchrt.Run(ops[:])
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
	ops := [...]batchrt.Op{
		arena.Unlink(p).OrStop(),
		arena.Unlink(q).OrStop(),
		arena.Mkdir(r, 0o755),
	}
	batchrt.Run(ops[:])
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
	ops := [...]batchrt.Op{
		arena.Open(p, unix.O_RDONLY, 0).StopOnSuccess(),
		arena.Open(q, unix.O_RDONLY, 0),
	}
	batchrt.Run(ops[:])
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
	ops := [...]batchrt.Op{
		batchrt.Pread(fd, a, 0).OrStop().StopOnZero(),
		batchrt.Pread(fd, b, 4096),
	}
	batchrt.Run(ops[:])
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
	ops := [...]batchrt.Op{
		batchrt.Close(a),
		batchrt.Close(b),
		batchrt.Close(c),
	}
	batchrt.Run(ops[:])
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
	ops := [...]batchrt.Op{
		batchrt.Pread(fd, buf, 0).OrStop(),
		batchrt.Seek(fd, 0, 2),
		batchrt.Sync(),
		batchrt.Getpid(),
	}
	batchrt.Run(ops[:])
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
	"node": {`
type node struct {
	fd   int
	path string
	st   unix.Stat_t
	lst  unix.Stat_t
	errs [2]error
}

func (n *node) f() {
	n.errs[0] = unix.Fstat(n.fd, &n.st)
	n.errs[1] = unix.Lstat(n.path, &n.lst)
}`, `
type node struct {
	fd   int
	path string
	st   unix.Stat_t
	lst  unix.Stat_t
	errs [2]error
}

func (n *node) f() {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		batchrt.Fstat(n.fd, &n.st),
		arena.Lstat(n.path, &n.lst),
	}
	batchrt.Run(ops[:])
	n.errs[0] = ops[0].Err()
	n.errs[1] = ops[1].Err()
}`},
	"first": {`
func f(g func() string, q string) error {
	var st, st2 unix.Stat_t
	if err := unix.Lstat(g(), &st); err != nil {
		return err
	}
	return unix.Lstat(q, &st2)
}`, `
func f(g func() string, q string) error {
	var st, st2 unix.Stat_t
	var arena batchrt.Arena
	var ops [2]batchrt.Op
	ops[0] = arena.Lstat(g(), &st).OrStop()
	ops[1] = arena.Lstat(q, &st2)
	batchrt.Run(ops[:])
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}`},
	"owner": {`
type owner struct{ fd int }

func (o *owner) f() error {
	if err := unix.SetsockoptInt(o.fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return err
	}
	return unix.Listen(o.fd, 16)
}`, `
type owner struct{ fd int }

func (o *owner) f() error {
	ops := [...]batchrt.Op{
		batchrt.SetsockoptInt(o.fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1).OrStop(),
		batchrt.Listen(o.fd, 16),
	}
	batchrt.Run(ops[:])
	batchrt.KeepAlive(o)
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}`},
	"nested": {`
func f(a, b int) error {
	if err := unix.Fsync(a); err != nil {
		unix.Close(a)
		unix.Close(b)
		return err
	}
	if err := unix.Fsync(b); err != nil {
		return err
	}
	g := func() {
		unix.Close(a)
		unix.Close(b)
	}
	g()
	return nil
}`, `
func f(a, b int) error {
	ops := [...]batchrt.Op{
		batchrt.Fsync(a).OrStop(),
		batchrt.Fsync(b).OrStop(),
	}
	batchrt.Run(ops[:])
	if err := ops[0].Err(); err != nil {
		ops2 := [...]batchrt.Op{
			batchrt.Close(a),
			batchrt.Close(b),
		}
		batchrt.Run(ops2[:])
		_ = ops2[0].Err()
		_ = ops2[1].Err()
		return err
	}
	if err := ops[1].Err(); err != nil {
		return err
	}
	g := func() {
		ops3 := [...]batchrt.Op{
			batchrt.Close(a),
			batchrt.Close(b),
		}
		batchrt.Run(ops3[:])
		_ = ops3[0].Err()
		_ = ops3[1].Err()
	}
	g()
	return nil
}`},
	"std": {`
func f(p string, fd int) error {
	var a, b syscall.Stat_t
	if err := syscall.Lstat(p, &a); err != nil {
		return err
	}
	return syscall.Fstat(fd, &b)
}`, `
func f(p string, fd int) error {
	var a, b syscall.Stat_t
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.SysLstat(p, &a).OrStop(),
		batchrt.SysFstat(fd, &b),
	}
	batchrt.Run(ops[:])
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}`},
	"raw": {`
func f(a, b int) error {
	_, _, errno := unix.Syscall(unix.SYS_FSYNC, uintptr(a), 0, 0)
	if errno != 0 {
		return errno
	}
	_, _, errno = unix.RawSyscall(unix.SYS_FDATASYNC, uintptr(b), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}`, `
func f(a, b int) error {
	ops := [...]batchrt.Op{
		batchrt.Syscall(unix.SYS_FSYNC, uintptr(a), 0, 0).OrStop(),
		batchrt.RawSyscall(unix.SYS_FDATASYNC, uintptr(b), 0, 0),
	}
	batchrt.Run(ops[:])
	_, _, errno := ops[0].Raw()
	if errno != 0 {
		return errno
	}
	_, _, errno = ops[1].Raw()
	if errno != 0 {
		return errno
	}
	return nil
}`},
	"loop": {`
func f(ps []string, m uint32) error {
	for _, p := range ps {
		if err := unix.Chmod(p, m); err != nil {
			if err == unix.ENOENT {
				continue
			}
			return err
		}
		if err := unix.Lchown(p, 1, 2); err != nil {
			break
		}
	}
	return nil
}`, `
func f(ps []string, m uint32) error {
	for _, p := range ps {
		var arena batchrt.Arena
		ops := [...]batchrt.Op{
			arena.Chmod(p, m).OrStop(),
			arena.Lchown(p, 1, 2),
		}
		batchrt.Run(ops[:])
		if err := ops[0].Err(); err != nil {
			if err == unix.ENOENT {
				continue
			}
			return err
		}
		if err := ops[1].Err(); err != nil {
			break
		}
	}
	return nil
}`},
	"switch": {`
func f(p, q string) error {
	err := unix.Unlink(p)
	switch err {
	case nil:
	case unix.ENOENT:
		log.Print(err)
	default:
		return err
	}
	return unix.Unlink(q)
}`, `
func f(p, q string) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p).OrStop(),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	err := ops[0].Err()
	switch err {
	case nil:
	case unix.ENOENT:
		log.Print(err)
	default:
		return err
	}
	return ops[1].ErrOr(func() error { return unix.Unlink(q) })
}`},
	"deferred": {`
func f(a, b int) (err error) {
	defer func() {
		if err != nil {
			log.Print(err)
		}
	}()
	if err = unix.Fsync(a); err != nil {
		return err
	}
	err = unix.Close(b)
	return
}`, `
func f(a, b int) (err error) {
	defer func() {
		if err != nil {
			log.Print(err)
		}
	}()
	ops := [...]batchrt.Op{
		batchrt.Fsync(a).OrStop(),
		batchrt.Close(b),
	}
	batchrt.Run(ops[:])
	if err = ops[0].Err(); err != nil {
		return err
	}
	err = ops[1].Err()
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
