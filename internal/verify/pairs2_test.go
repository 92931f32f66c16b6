// SPDX-License-Identifier: BSD-3-Clause

package verify

import "maps"

func init() { maps.Copy(bases, moreBases) }

// moreBases are about owners, nesting, raw calls and control.
var moreBases = map[string]base{
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
	ops := []batchrt.Op{
		batchrt.Fstat(n.fd, &n.st).GoOn(),
		arena.Lstat(n.path, &n.lst),
	}
	batchrt.Run(ops)
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
	ops[0] = arena.Lstat(g(), &st)
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
	ops := []batchrt.Op{
		batchrt.SetsockoptInt(o.fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1),
		batchrt.Listen(o.fd, 16),
	}
	batchrt.Run(ops)
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
	ops := []batchrt.Op{
		batchrt.Fsync(a),
		batchrt.Fsync(b),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		ops2 := []batchrt.Op{
			batchrt.Close(a).GoOn(),
			batchrt.Close(b),
		}
		batchrt.Run(ops2)
		_ = ops2[0].Err()
		_ = ops2[1].Err()
		return err
	}
	if err := ops[1].Err(); err != nil {
		return err
	}
	g := func() {
		ops3 := []batchrt.Op{
			batchrt.Close(a).GoOn(),
			batchrt.Close(b),
		}
		batchrt.Run(ops3)
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
	ops := []batchrt.Op{
		arena.SysLstat(p, &a),
		batchrt.SysFstat(fd, &b),
	}
	batchrt.Run(ops)
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
	ops := []batchrt.Op{
		batchrt.Syscall(unix.SYS_FSYNC, uintptr(a), 0, 0),
		batchrt.RawSyscall(unix.SYS_FDATASYNC, uintptr(b), 0, 0),
	}
	batchrt.Run(ops)
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
		ops := []batchrt.Op{
			arena.Chmod(p, m),
			arena.Lchown(p, 1, 2),
		}
		batchrt.Run(ops)
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
	ops := []batchrt.Op{
		arena.Unlink(p),
		arena.Unlink(q),
	}
	batchrt.Run(ops)
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
	ops := []batchrt.Op{
		batchrt.Fsync(a),
		batchrt.Close(b),
	}
	batchrt.Run(ops)
	if err = ops[0].Err(); err != nil {
		return err
	}
	err = ops[1].Err()
	return
}`},
}
