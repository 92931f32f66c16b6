// Package hunted holds code that an earlier version of the analyzer batched
// although it must not, or that only the validator kept it from.
package hunted

import (
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A constant that another file defines differently under a tag decides
// nothing: the batch stops, and the statement asks.
func taggedCondition() error {
	if err := unix.Chmod("/nonexistent-a", 0o600); err != nil && strict { // want `2 calls can share one crossing: Chmod, Unlink`
		return err
	}
	return unix.Unlink("/nonexistent-b")
}

// The same for bounds: elsewhere limit is a variable.
func taggedBound(b [8]byte) {
	unix.Close(1001)
	unix.Write(1, b[:limit])
}

// Under a tag the field is reached through an embedded pointer.
func taggedType(x tagged) {
	unix.Close(1001)
	unix.Close(x.fd)
}

type generic[T any] struct {
	v  T
	fd int
}

// Sizeof does not evaluate its argument, so p may still be nil.
func sizeof[T any](p *generic[T]) {
	fmt.Println(unsafe.Sizeof(p.v))
	unix.Close(1001)
	unix.Close(p.fd)
}

// Only the length of the array is needed, which p is not looked at for.
func rangedArray(p *struct {
	arr [4]int
	fd  int
}) {
	for i := range p.arr {
		fmt.Println(i)
	}
	unix.Close(1001)
	unix.Close(p.fd)
}

type inner struct{ fd int }
type second struct{ fd2 int }
type both struct {
	*inner
	*second
}

// One embedded pointer says nothing of the other.
func embedded(x both) {
	fmt.Println(x.fd)
	unix.Close(1001)
	unix.Close(x.fd2)
}

// In a variable of type any a number compares as what it is.
func anyErrno() {
	var e any
	_, _, e = unix.Syscall(unix.SYS_GETPID, 0, 0, 0)
	if e != 0 {
		return
	}
	unix.Close(1003)
}

func anyNumber(fd int) {
	var n any
	var err error
	n, err = unix.Pwrite(fd, nil, 0)
	if n != int64(0) {
		fmt.Println(err)
		return
	}
	unix.Close(1002)
}

// A failure of Times gives the largest number, not -1: the batch stops.
func times(t *unix.Tms) {
	ticks, _ := unix.Times(t) // want `2 calls can share one crossing: Times, Close`
	if ticks > 0 {
		return
	}
	unix.Close(1002)
}

// The errno of a raw call is no nil error.
func rawIs() {
	_, _, e := unix.Syscall(unix.SYS_GETPID, 0, 0, 0)
	if errors.Is(e, unix.Errno(0)) {
		return
	}
	unix.Close(1003)
}

// The number of a raw call means another call elsewhere.
func rawNumber() {
	unix.Syscall(39, 0, 0, 0)
	unix.Syscall(39, 0, 0, 0)
}

// The tag of a switch without cases is evaluated, too.
func emptySwitch(say func() int) {
	err := unix.Close(1001)
	switch say() {
	default:
	}
	unix.Close(1002)
	_ = err
}

// The name means something else before the first call.
func shadowedSize(n [4]byte) {
	{
		n, err := unix.Read(1001, nil)
		unix.Close(int(unsafe.Sizeof(n)) + 1000)
		_ = err
	}
}

// The memory that is read may be what the unknown index names.
func unknownIndex(i int) {
	var s [2]struct {
		n   int64
		buf [8]byte
	}
	unix.Pread(3, s[i].buf[:], 0)
	unix.Close(int(s[0].buf[0]) + 1000)
}

// Another goroutine's call writes the variable.
func goroutine(w int, r int) {
	var st unix.Stat_t
	var b [1]byte
	go func() {
		unix.Fstat(0, &st)
		fmt.Println()
		unix.Write(w, b[:])
	}()
	unix.Read(r, b[:])
	unix.Fchmod(1001, st.Mode)
}

func goCall() {
	var st unix.Stat_t
	go unix.Fstat(0, &st)
	unix.Nanosleep(&unix.Timespec{Sec: 1}, nil)
	unix.Fchmod(1001, st.Mode)
}

//go:nosplit

// A directive counts for the next declaration, wherever it stands above it.
func nosplit() {
	unix.Close(1001)
	unix.Close(1002)
}

// Comments inside the call's name would be lost.
func commentInName() {
	unix.Close /* one */ (1001)
	unix. // two
		Close(1002)
}

// setsockopt gets the address of its value: that is no register for a result.
func valueByAddress() {
	n, err := unix.Dup(0)
	if err != nil {
		return
	}
	err = unix.SetsockoptInt(1001, 1, 2, n)
	fmt.Println(n, err)
}

// An operator with assignment is no expression that has a type: the operand
// tells whether it may divide by zero.
func divided(a, b string, n, m int) int {
	unix.Unlink(a)
	n /= m
	unix.Unlink(b)
	return n
}

// Floating-point numbers may be divided by anything.
func halved(a, b string, x, y float64) float64 {
	unix.Unlink(a) // want `2 calls can share one crossing: Unlink, Unlink`
	x /= y
	unix.Unlink(b)
	return x
}
