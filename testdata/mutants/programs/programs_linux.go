// SPDX-License-Identifier: BSD-3-Clause

// Package programs holds functions that a faulty planner or rewriter would
// get wrong, at least one for every mutant. Some have batches, some must have
// none.
package programs

import (
	"errors"
	"fmt"
	"log"
	"os"

	"golang.org/x/sys/unix"
)

type object struct {
	fd, fd2 int
	name    string
	st      unix.Stat_t
	err     error
}

type header struct{ at, end int64 }

var shared struct {
	path string
	err  error
}

func errorExit(p, q, r string, fd int) error {
	if err := unix.Unlink(p); err != nil {
		return err
	}
	// the second
	if err := unix.Chmod(q, 0o600); err != nil {
		return fmt.Errorf("second: %w", err)
	}
	return unix.Fsync(fd)
}

func goesOn(p, q string) error {
	if err := unix.Unlink(p); err != nil {
		log.Print(err)
	}
	return unix.Mkdir(q, 0o755)
}

func goesOnSometimes(p, q string, v bool) error {
	if err := unix.Unlink(p); err != nil {
		if v {
			return err
		}
	}
	return unix.Mkdir(q, 0o755)
}

func search(p, q string) (int, error) {
	fd, err := unix.Open(p, unix.O_RDONLY, 0)
	if err == nil {
		return fd, nil
	}
	return unix.Open(q, unix.O_RDONLY, 0)
}

func endOfFile(fd int, a, b [64]byte) (int, error) {
	n, err := unix.Pread(fd, a[:], 0)
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, errors.New("empty")
	}
	return unix.Pread(fd, b[:], 64)
}

// What none is may depend on the system.
const none = 0

func endOfFileNamed(fd int, a, b [64]byte) (int, error) {
	n, err := unix.Pread(fd, a[:], 0)
	if err != nil {
		return 0, err
	}
	if n == none {
		return 0, errors.New("empty")
	}
	return unix.Pread(fd, b[:], 64)
}

func positive(fd int, a, b [64]byte) (int, error) {
	n, err := unix.Pread(fd, a[:], 0)
	if err != nil {
		return 0, err
	}
	if n > 0 {
		return n, nil
	}
	return unix.Pread(fd, b[:], 64)
}

func shortRead(fd int, a, b []byte) (int, error) {
	n, err := unix.Pread(fd, a, 0)
	if err != nil {
		return 0, err
	}
	if n != len(a) {
		return 0, errors.New("short")
	}
	return unix.Pread(fd, b, 64)
}

func errnoOnly(p, q string) error {
	if err := unix.Unlink(p); os.IsNotExist(err) {
		return nil
	}
	return unix.Mkdir(q, 0o755)
}

func switchBreak(p, q string) error {
	err := unix.Unlink(p)
	switch err {
	case nil:
	case unix.ENOENT:
		break
	default:
		return err
	}
	return unix.Mkdir(q, 0o755)
}

func destination(p, q string) error {
	var st unix.Stat_t
	if err := unix.Lstat(p, &st); err != nil {
		return err
	}
	return unix.Truncate(q, st.Size)
}

func arrayDestination(fd int, p string) error {
	var a [4]byte
	if _, err := unix.Getdents(fd, a[:]); err != nil {
		return err
	}
	return unix.Mkdir(p, uint32(a[0]))
}

func destinationReadBetween(p, q string) error {
	var st unix.Stat_t
	err := unix.Lstat(p, &st)
	if err != nil && st.Nlink == 0 {
		return err
	}
	if st.Size == 0 {
		return nil
	}
	return unix.Lstat(q, &st)
}

func exposed(p string, fd int) error {
	var st unix.Stat_t
	q := &st
	if err := unix.Lstat(p, &st); err != nil {
		return err
	}
	defer fmt.Println(q)
	return unix.Ftruncate(fd, q.Size)
}

func exposedDirectly(p string, fd int, note func(*unix.Stat_t)) error {
	var st unix.Stat_t
	note(&st)
	if _, err := unix.Open(p, 0, 0); err != nil {
		return err
	}
	return unix.Ftruncate(fd, st.Size)
}

func capturedLoad(fd int, p string, start func(func())) error {
	start(func() { p = "q" })
	var b [8]byte
	if _, err := unix.Read(fd, b[:]); err != nil {
		return err
	}
	return unix.Unlink(p)
}

func result(p string, n int) {
	n = unix.Umask(0)
	unix.Fchmod(n, 0o600)
}

func globalLoad(fd int) error {
	var b [8]byte
	if _, err := unix.Read(fd, b[:]); err != nil {
		return err
	}
	return unix.Unlink(shared.path)
}

func globalStoreRelease(p string, fd int) {
	shared.err = unix.Unlink(p)
	unix.Listen(fd, 8)
}

func globalStoreBlocks(p string, fd int) {
	var b [8]byte
	shared.err = unix.Unlink(p)
	unix.Read(fd, b[:])
}

func storeUsed(fd int, st *unix.Timex) {
	var b [1]unix.EpollEvent
	var n int
	n, _ = unix.EpollWait(fd, b[:], 0)
	var c [8]byte
	unix.Pwrite(n, c[:], 0)
}

func storeOverlaps(o *object, fd int) {
	fmt.Println(o.fd)
	o.st.Nlink = uint64(unix.Getpid())
	unix.Fstat(fd, &o.st)
}

func storeIntoMemory(fd int, x *[2]int32) {
	var l unix.Linger
	fmt.Println(x[0])
	var e error
	_ = e
	o := object{}
	o.fd = unix.Getpid()
	unix.Fstat(fd, &o.st)
	fmt.Println(l, o)
}

func mapped(fd int, h *header, a, b []byte) {
	unix.Pwrite(fd, a, h.at)
	unix.Pwrite(fd, b, h.end)
	fmt.Println(h)
}

func index(p string, sts []unix.Stat_t, i int) (error, error) {
	e1 := unix.Lstat(p, &sts[0])
	e2 := unix.Lstat(p, &sts[i])
	return e1, e2
}

func division(fd int, n, k int64) {
	unix.Fsync(fd)
	unix.Ftruncate(fd, n/k)
}

func shift(fd int, n int64, k int) {
	unix.Fsync(fd)
	unix.Ftruncate(fd, n<<k)
}

func sliced(fd int, b []byte, n int) {
	unix.Fsync(fd)
	unix.Pwrite(fd, b[:n], 0)
}

func nilPointer(p string, o *object) {
	unix.Unlink(p)
	unix.Unlink(o.name)
	fmt.Println(o)
}

func nilInOneBranch(p string, o *object, v bool) {
	if v {
		fmt.Println(o.name)
	}
	unix.Unlink(p)
	unix.Unlink(o.name)
	fmt.Println(o)
}

func changedPointer(p string, o *object, next func() *object) {
	fmt.Println(o.name)
	o = next()
	unix.Unlink(p)
	unix.Unlink(o.name)
	fmt.Println(o)
}

func argumentCalls(p string, next func() string) error {
	if err := unix.Unlink(p); err != nil {
		return err
	}
	return unix.Unlink(next())
}

func firstArgument(next func() string, q string) error {
	if err := unix.Unlink(next()); err != nil {
		return err
	}
	return unix.Unlink(q)
}

func firstArgumentChanges(next func(*string) string, q string) error {
	if err := unix.Unlink(next(&q)); err != nil {
		return err
	}
	return unix.Unlink(q)
}

func storePanics(fds []int, p, q string) (err error) {
	fds[0], err = unix.Open(p, 0, 0)
	if err != nil {
		return err
	}
	return unix.Unlink(q)
}

func between(p, q string) error {
	if err := unix.Unlink(p); err != nil {
		return err
	}
	fmt.Println("unlinked")
	return unix.Unlink(q)
}

func betweenCheck(p, q string, v bool) {
	err := unix.Unlink(p)
	if v {
		fmt.Println(err)
	}
	unix.Unlink(q)
}

func notLeading(a, b string, n func() int) (int, error) {
	unix.Unlink(a)
	return n(), unix.Unlink(b)
}

func shortCircuit(a, b string, v bool) bool {
	unix.Unlink(a)
	return v && unix.Unlink(b) == nil
}

func labelled(p, q string) {
	unix.Unlink(p)
again:
	if err := unix.Unlink(q); err == unix.EINTR {
		goto again
	}
}

func secondResult(a int) uintptr {
	_, r2, _ := unix.Syscall(unix.SYS_FSYNC, uintptr(a), 0, 0)
	unix.Syscall(unix.SYS_FSYNC, uintptr(a), 0, 0)
	return r2
}

func rawCalls(a int) error {
	if _, _, e := unix.Syscall(unix.SYS_FSYNC, uintptr(a), 0, 0); e != 0 {
		return e
	}
	if _, _, e := unix.RawSyscall(unix.SYS_FDATASYNC, uintptr(a), 0, 0); e != 0 {
		return e
	}
	return nil
}

func (o *object) owned(p string) error {
	if err := unix.Fsync(o.fd); err != nil {
		return err
	}
	return unix.Fchmod(o.fd2, 0o600)
}

func (o *object) fields() {
	o.err = unix.Fstat(o.fd, &o.st)
	unix.Unlink(o.name)
}

//go:nosplit
func nosplit(a, b int) {
	unix.Fsync(a)
	unix.Fsync(b)
}

func state(p string) error {
	if err := unix.Unlink(p); err != nil {
		return err
	}
	return unix.Setns(3, 0)
}

func names(p, q string) (ops string) {
	arena := "x"
	unix.Unlink(p)
	unix.Unlink(q)
	return ops + arena
}

func chain(p string) error {
	fd, err := unix.Open(p, unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return err
	}
	if err := unix.Fchmod(fd, 0o600); err != nil {
		return err
	}
	fmt.Println(st.Size)
	return nil
}

func chainOfTwo(p, q string) error {
	a, err := unix.Open(p, unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	b, err := unix.Open(q, unix.O_WRONLY, 0)
	if err != nil {
		unix.Close(a)
		return err
	}
	if err := unix.Dup3(a, b, unix.O_CLOEXEC); err != nil {
		return err
	}
	fmt.Println(a, b)
	return nil
}

func chainOfOne(p, q string) error {
	fd, err := unix.Open(p, unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	log.Print(fd)
	fd, err = unix.Dup(3)
	if err != nil {
		return err
	}
	fd, err = unix.Open(q, unix.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if err := unix.Fsync(fd); err != nil {
		return err
	}
	fmt.Println(fd)
	return nil
}

func chainAfterFailure(p string) error {
	fd, err := unix.Open(p, unix.O_RDONLY, 0)
	if err == nil {
		return nil
	}
	fmt.Println(err)
	defer log.Print(fd)
	return unix.Fsync(fd)
}

func chainUnchecked(p string) {
	fd, _ := unix.Open(p, unix.O_RDONLY, 0)
	unix.Fsync(fd)
	fmt.Println(fd)
}

func chainChanged(p string) error {
	fd, err := unix.Open(p, unix.O_RDONLY, 0)
	if err != nil {
		fd = 2
	}
	e2 := unix.Fsync(fd)
	fmt.Println(fd)
	return errors.Join(err, e2)
}

func deferred(p, q string, o *object) error {
	if err := unix.Unlink(p); err != nil {
		return err
	}
	defer fmt.Println(shared.path)
	return unix.Unlink(q)
}

func deferredCalls(p, q string, f func() string) error {
	if err := unix.Unlink(p); err != nil {
		return err
	}
	defer fmt.Println(f())
	return unix.Unlink(q)
}

func declared(p, q string, st string) error {
	if err := unix.Unlink(p + st); err != nil {
		return err
	}
	var st2 unix.Stat_t
	if err := unix.Lstat(q, &st2); err != nil {
		return err
	}
	fmt.Println(st2.Size)
	return nil
}
