// Package refuse holds code that must be left as it is, one function for
// each way in which a rule says no.
package refuse

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

func dataResult(p string) error {
	var st unix.Stat_t
	fd, _ := unix.Open(p, unix.O_RDONLY, 0) // data
	return unix.Fstat(fd, &st)
}

func aliasPointer(p string, fd int) error {
	var st unix.Stat_t
	q := &st
	if err := unix.Lstat(p, &st); err != nil { // alias
		return err
	}
	return unix.Ftruncate(fd, q.Size)
}

type holder struct{ size int64 }

func aliasParameters(p string, st *unix.Stat_t, h *holder) error {
	_ = h.size
	if err := unix.Lstat(p, st); err != nil { // alias
		return err
	}
	return unix.Truncate(p, h.size)
}

func panicIndex(p string, sts []unix.Stat_t, i int) (error, error) {
	e1 := unix.Lstat(p, &sts[0]) // panic
	e2 := unix.Lstat(p, &sts[i])
	return e1, e2
}

func panicDivide(fd int, n, k int64) {
	_ = unix.Fsync(fd) // panic
	_ = unix.Ftruncate(fd, n/k)
}

func panicNil(p string, h *holder) {
	_ = unix.Unlink(p) // panic
	_ = unix.Truncate(p, h.size)
}

func panicStore(fds []int, p, q string) (err error) {
	fds[0], err = unix.Open(p, 0, 0) // panic
	if err != nil {
		return err
	}
	return unix.Unlink(q)
}

func effectCall(p string, next func() string) error {
	if err := unix.Unlink(p); err != nil { // effect
		return err
	}
	return unix.Unlink(next())
}

func betweenPrint(p, q string) error {
	if err := unix.Unlink(p); err != nil { // effect
		return err
	}
	fmt.Println("unlinked")
	return unix.Unlink(q)
}

func betweenSleep(p, q string) {
	unix.Unlink(p) // effect
	time.Sleep(time.Second)
	unix.Unlink(q)
}

func betweenCheck(p, q string, verbose bool) {
	err := unix.Unlink(p) // between
	if verbose {
		fmt.Println(err)
	}
	unix.Unlink(q)
}

var shared struct{ path string }

func syncLoad(fd int) error {
	var b [8]byte
	if _, err := unix.Read(fd, b[:]); err != nil { // sync
		return err
	}
	return unix.Unlink(shared.path)
}

var lastErr error

func syncStore(p string, fd int) {
	var b [8]byte
	lastErr = unix.Unlink(p) // sync
	unix.Write(fd, b[:])
}

func blockStore(p string, fd int) {
	var b [8]byte
	lastErr = unix.Unlink(p) // block
	unix.Read(fd, b[:])
}

func state(p string) error {
	if err := unix.Unlink(p); err != nil { // state
		return err
	}
	return unix.Setns(3, 0)
}

func wrapper(fd int) error {
	if err := unix.Fsync(fd); err != nil { // wrapper
		return err
	}
	return unix.SetNonblock(fd, true)
}

func control(p, q string) error {
	if err := unix.Unlink(p); check(err) { // control
		return err
	}
	return unix.Unlink(q)
}

func check(err error) bool { return err != nil }

func labelled(p, q string) {
	unix.Unlink(p) // control
again:
	if err := unix.Unlink(q); err == unix.EINTR {
		goto again
	}
}

func jumped(p, q string, skip bool) {
	if skip {
		goto out
	}
	unix.Unlink(p) // control
	unix.Unlink(q)
out:
	fmt.Println("out")
}

func closureSees(a, b string) {
	var err error
	note := func() { fmt.Println(err); err = nil }
	err = unix.Unlink(a)
	note()
	err = unix.Unlink(b)
	note()
}

//go:nosplit
func nosplit(a, b int) {
	unix.Close(a)
	unix.Close(b)
}

func functionValues(a, b string) {
	f := unix.Unlink
	f(a)
	f(b)
}

func notLeading(a, b string, n func() int) (int, error) {
	unix.Unlink(a)
	return n(), unix.Unlink(b)
}

func bufferGrows(fd int, buf []byte) error {
	n, err := unix.Pread(fd, buf, 0) // panic
	if err != nil {
		return err
	}
	_, err = unix.Pwrite(fd, buf[:n], 100)
	return err
}

func zeroCopy(fd, flags int, b []byte) error {
	if err := unix.Fsync(fd); err != nil { // wrapper
		return err
	}
	return unix.Send(fd, b, flags)
}

type ports struct{ first, second int }

var global ports

// Another goroutine may give the second port while the first call waits.
func connectTwice(a, b int) error {
	if err := unix.Connect(a, &unix.SockaddrInet4{Port: global.first}); err != nil { // sync
		return err
	}
	return unix.Connect(b, &unix.SockaddrInet4{Port: global.second})
}

// A field that may panic.
func bindIndex(fd int, list []int) error {
	if err := unix.Listen(fd, 1); err != nil { // panic
		return err
	}
	return unix.Bind(fd, &unix.SockaddrInet4{Port: list[1]})
}

// A field that calls something.
func bindCall(fd int, port func() int) error {
	if err := unix.Listen(fd, 1); err != nil { // effect
		return err
	}
	return unix.Bind(fd, &unix.SockaddrInet4{Port: port()})
}

// A value with a name: the encoding writes into what is seen elsewhere.
func bindVariable(fd int, sa *unix.SockaddrInet4) error {
	if err := unix.Listen(fd, 1); err != nil { // wrapper
		return err
	}
	return unix.Bind(fd, sa)
}

func bindLocal(fd, port int) error {
	sa := &unix.SockaddrInet4{Port: port}
	if err := unix.Listen(fd, 1); err != nil { // wrapper
		return err
	}
	return unix.Bind(fd, sa)
}

func bindAddress(fd, port int) error {
	sa := unix.SockaddrInet4{Port: port}
	if err := unix.Listen(fd, 1); err != nil { // wrapper
		return err
	}
	return unix.Bind(fd, &sa)
}

func bindInterface(fd int, sa unix.Sockaddr) error {
	if err := unix.Listen(fd, 1); err != nil { // wrapper
		return err
	}
	return unix.Connect(fd, sa)
}

func bindConverted(fd int) error {
	if err := unix.Listen(fd, 1); err != nil { // wrapper
		return err
	}
	return unix.Bind(fd, unix.Sockaddr(&unix.SockaddrInet4{}))
}

// A kind of address that batchrt does not encode.
func bindPacket(fd, index int) error {
	if err := unix.Listen(fd, 1); err != nil { // wrapper
		return err
	}
	return unix.Bind(fd, &unix.SockaddrLinklayer{Ifindex: index})
}

// A type that only looks like one of x/sys.
type SockaddrInet4 struct{ unix.SockaddrInet4 }

func bindEmbedded(fd int) error {
	if err := unix.Listen(fd, 1); err != nil { // wrapper
		return err
	}
	return unix.Bind(fd, &SockaddrInet4{})
}
