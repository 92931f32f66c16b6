// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// onThread runs f locked to a thread of its own, whose number it gives, and
// sends what f returns.
func onThread[T any](f func() T) (tid int, done <-chan T) {
	id, out := make(chan int), make(chan T, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		id <- unix.Gettid()
		out <- f()
	}()
	return <-id, out
}

// waitsIn waits until a thread waits in a system call of that number, or in a
// batch, which is another to the kernel. Where that cannot be seen, under
// qemu's user mode, it waits for some time.
func waitsIn(tid, nr int) {
	want, batch := fmt.Sprintf("%d ", nr), fmt.Sprintf("%d ", unix.SYS_IOCTL)
	for i := 0; i < 1000; i++ {
		b, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/syscall", tid))
		if err == nil && (strings.HasPrefix(string(b), want) || strings.HasPrefix(string(b), batch)) {
			return
		}
		time.Sleep(100 * time.Microsecond)
	}
}

// withoutRestart takes SA_RESTART from a signal's handler, which the runtime
// installed, as C code in the process could.
func withoutRestart(t *testing.T, sig syscall.Signal) {
	t.Helper()
	// The kernel's struct sigaction: handler, flags, restorer, mask. (On arm64
	// there is a restorer, too.)
	var act [4]uintptr
	const size = 8 // of a signal set
	if _, _, e := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), 0, uintptr(unsafe.Pointer(&act)), size, 0, 0); e != 0 {
		t.Fatal(e)
	}
	const saRestart = 0x10000000
	if act[1]&saRestart == 0 {
		t.Fatalf("the runtime's handler is not of the kind that restarts calls: flags %#x", act[1])
	}
	set := func(flags uintptr) {
		act[1] = flags
		if _, _, e := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(&act)), 0, size, 0, 0); e != 0 {
			t.Fatal(e)
		}
	}
	flags := act[1]
	set(flags &^ saRestart)
	t.Cleanup(func() { set(flags) })
}

// TestNoRestart interrupts calls by a signal whose handler does not restart
// them: a batch must show the EINTR that the plain call shows, in the same
// entry, and go on or not as the entry says.
func TestNoRestart(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) == 4 {
		t.Skip("struct sigaction is another one here")
	}
	c := make(chan os.Signal, 100)
	signal.Notify(c, syscall.SIGALRM)
	defer signal.Stop(c)
	withoutRestart(t, syscall.SIGALRM)
	pid := unix.Getpid()
	r, w := pipe(t)
	interrupted := func(f func() string) string {
		tid, done := onThread(f)
		for {
			waitsIn(tid, unix.SYS_READ)
			unix.Tgkill(pid, tid, syscall.SIGALRM)
			select {
			case s := <-done:
				return s
			case <-time.After(200 * time.Millisecond):
				// It came before the call: again.
			}
		}
	}
	var buf [1]byte
	for name, c := range map[string]struct{ plain, batch func() string }{
		"stop": {
			func() string { n, err := unix.Read(r, buf[:]); return fmt.Sprintln(n, err) },
			func() string {
				ops := []Op{Read(r, buf[:]), Write(w, []byte("x"))}
				Run(ops)
				n, err := ops[0].Int()
				if ops[1].Ran() {
					return "the batch went on"
				}
				return fmt.Sprintln(n, err)
			}},
		"go on": {
			func() string {
				n, err := unix.Read(r, buf[:])
				m, err2 := unix.Write(w, []byte("x"))
				k, err3 := unix.Read(r, buf[:])
				return fmt.Sprintln(n, err, m, err2, k, err3)
			},
			func() string {
				ops := []Op{Read(r, buf[:]).GoOn(), Write(w, []byte("x")), Read(r, buf[:])}
				Run(ops)
				n, err := ops[0].Int()
				m, err2 := ops[1].Int()
				k, err3 := ops[2].Int()
				return fmt.Sprintln(n, err, m, err2, k, err3)
			}},
		"in the middle": {
			func() string {
				m, err2 := unix.Write(w, []byte("x"))
				k, err3 := unix.Read(r, buf[:])
				n, err := unix.Read(r, buf[:])
				return fmt.Sprintln(m, err2, k, err3, n, err)
			},
			func() string {
				ops := []Op{Write(w, []byte("x")), Read(r, buf[:]), Read(r, buf[:])}
				Run(ops)
				m, err2 := ops[0].Int()
				k, err3 := ops[1].Int()
				n, err := ops[2].Int()
				return fmt.Sprintln(m, err2, k, err3, n, err)
			}},
	} {
		for i := 0; i < 5; i++ {
			plain, batch := interrupted(c.plain), interrupted(c.batch)
			if plain != batch || !strings.Contains(plain, "-1 interrupted system call") {
				t.Errorf("%s: plainly %q, in a batch %q", name, plain, batch)
			}
		}
	}
}

// TestSleep lets entries sleep. An interrupted sleep is EINTR, restarted or
// not, with what is left of it, as it is plainly.
func TestSleep(t *testing.T) {
	ms := func(n int64) *unix.Timespec { ts := unix.NsecToTimespec(n * 1e6); return &ts }
	start := time.Now()
	ops := []Op{Nanosleep(ms(20), nil), ClockNanosleep(unix.CLOCK_MONOTONIC, 0, ms(20), nil)}
	Run(ops)
	if err0, err1, d := ops[0].Err(), ops[1].Err(), time.Since(start); err0 != nil || err1 != nil || d < 40*time.Millisecond {
		t.Errorf("two sleeps of 20 ms: %v, %v, %v in all", err0, err1, d)
	}
	pid := unix.Getpid()
	for name, sleep := range map[string]func(left *unix.Timespec) error{
		"plain": func(left *unix.Timespec) error { return unix.Nanosleep(ms(60000), left) },
		"batch": func(left *unix.Timespec) error {
			ops := []Op{Nanosleep(ms(60000), left), Umask(0)}
			Run(ops)
			if ops[1].Ran() {
				t.Error("the batch went on behind an interrupted sleep")
			}
			return ops[0].Err()
		},
	} {
		var left unix.Timespec
		tid, done := onThread(func() error { return sleep(&left) })
		var err error
		for waiting := true; waiting; {
			waitsIn(tid, unix.SYS_NANOSLEEP)
			unix.Tgkill(pid, tid, syscall.SIGURG)
			select {
			case err = <-done:
				waiting = false
			case <-time.After(200 * time.Millisecond):
			}
		}
		if err != unix.EINTR || left.Nano() < 1e9 || left.Nano() > 61e9 {
			t.Errorf("%s: %v, %v left", name, err, time.Duration(left.Nano()))
		}
	}
}

// futexWord is what TestFutex waits for: memory that does not move.
var futexWord uint32

// TestFutex lets an entry wait for a futex that another goroutine wakes, with
// one processor for both.
func TestFutex(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const wait, wake = 128, 129 // FUTEX_WAIT_PRIVATE, FUTEX_WAKE_PRIVATE
	addr := uintptr(unsafe.Pointer(&futexWord))
	for i := 0; i < 20; i++ {
		atomic.StoreUint32(&futexWord, 7)
		go func() {
			for {
				time.Sleep(time.Millisecond)
				if n, _, _ := unix.Syscall6(unix.SYS_FUTEX, addr, wake, 1, 0, 0, 0); n == 1 {
					return
				}
			}
		}()
		ops := []Op{
			Syscall6(unix.SYS_FUTEX, addr, wait, 7, 0, 0, 0),
			Syscall6(unix.SYS_FUTEX, addr, wait, 8, 0, 0, 0), // the value is another: EAGAIN
			Umask(0),
		}
		Run(ops)
		if r, _, e := ops[0].Raw(); r != 0 || e != 0 {
			t.Fatalf("woken: %d, %v", r, e)
		}
		if _, _, e := ops[1].Raw(); e != unix.EAGAIN || ops[2].Ran() {
			t.Fatalf("another value: %v; went on: %v", e, ops[2].Ran())
		}
	}
}

// TestStorm sends preemption signals to all threads without pause while
// batches read from pipes that other goroutines fill: no call may be lost,
// done twice, or show the interruption.
func TestStorm(t *testing.T) {
	storm(t, func(stop <-chan bool) {
		pid := unix.Getpid()
		for {
			select {
			case <-stop:
				return
			default:
			}
			unix.Kill(pid, syscall.SIGURG)
			runtime.Gosched()
		}
	})
}

// TestProfiled does it with the processor profile on.
func TestProfiled(t *testing.T) {
	runtime.SetCPUProfileRate(1000)
	defer runtime.SetCPUProfileRate(0)
	storm(t, func(stop <-chan bool) {
		// Something must use the processor, or there are no signals.
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
		}
	})
}

// storm lets goroutines read in batches what others write, beside a
// disturbance, and counts the bytes.
func storm(t *testing.T, disturb func(stop <-chan bool)) {
	rounds := 30000
	if testing.Short() || sanitized {
		rounds /= 20
	}
	stop := make(chan bool)
	var bg, wg sync.WaitGroup
	bg.Add(1)
	go func() { defer bg.Done(); disturb(stop) }()
	for g := 0; g < 4; g++ {
		r, w := pipe(t)
		wg.Add(2)
		go func() {
			defer wg.Done()
			for i := 0; i < rounds; i++ {
				msg := []byte{byte(i), byte(i >> 8), 'x'}
				ops := []Op{Write(w, msg[:1]), Write(w, msg[1:2]), Write(w, msg[2:])}
				Run(ops)
				for k := range ops {
					if n, err := ops[k].Int(); n != 1 || err != nil {
						t.Errorf("round %d: write: %d, %v", i, n, err)
						return
					}
				}
			}
		}()
		go func() {
			defer wg.Done()
			for i := 0; i < rounds; i++ {
				var a, b, c [1]byte
				ops := []Op{Read(r, a[:]), Read(r, b[:]), Read(r, c[:])}
				Run(ops)
				for k := range ops {
					if n, err := ops[k].Int(); n != 1 || err != nil {
						t.Errorf("round %d: read: %d, %v", i, n, err)
						unix.Close(r)
						return
					}
				}
				if a[0] != byte(i) || b[0] != byte(i>>8) || c[0] != 'x' {
					t.Errorf("round %d: read %v %v %v", i, a, b, c)
					unix.Close(r)
					return
				}
			}
		}()
	}
	wg.Wait()
	close(stop)
	bg.Wait()
}
