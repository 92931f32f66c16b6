// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import (
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// watcher sees the system calls of one thread and answers them itself, by
// seccomp's user notification.
type watcher struct {
	work   chan func() // run on the thread that is watched
	listen int
	on     atomic.Bool  // answer, rather than let pass
	ret    atomic.Int64 // the answer
	mu     sync.Mutex
	calls  []seen
	made   int // calls of the last comparison
}

// Structures and ioctls of seccomp_unotify(2).
type notif struct {
	id         uint64
	pid, flags uint32
	nr         int32
	arch       uint32
	ip         uint64
	args       [6]uint64
}

type notifResp struct {
	id    uint64
	val   int64
	err   int32
	flags uint32
}

const (
	notifRecv    = 0xc0502100
	notifSend    = 0xc0182101
	notifGoOn    = 1
	newListener  = 1 << 3
	setModeFiltr = 1
)

// arenaTestSize is a length of paths near the arena's own size.
const arenaTestSize = 215

// watchCalls starts a watched thread. The runtime's own calls on it pass.
func watchCalls(t *testing.T) *watcher {
	t.Helper()
	// A thread that waits for an answer in a raw system call stops no
	// collection; there must be none.
	gc := debug.SetGCPercent(-1)
	procs := runtime.GOMAXPROCS(4)
	w := &watcher{work: make(chan func())}
	ready := make(chan error)
	go w.thread(ready)
	if err := <-ready; err != nil {
		t.Skipf("seccomp user notification: %v", err)
	}
	go w.supervise()
	t.Cleanup(func() {
		// The thread stays, waiting for work, and the supervisor with it: a
		// thread's end makes calls too.
		runtime.GOMAXPROCS(procs)
		debug.SetGCPercent(gc)
	})
	return w
}

// thread is the watched thread. Nothing else ever runs on it.
func (w *watcher) thread(ready chan<- error) {
	runtime.LockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		ready <- err
		return
	}
	filter := []unix.SockFilter{{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}}
	for _, nr := range leftAlone {
		filter = append(filter,
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: 0, Jf: 1, K: uint32(nr)},
			unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: 0x7fff0000}) // allow
	}
	filter = append(filter, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: 0x7fc00000}) // notify
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	fd, _, e := unix.Syscall(unix.SYS_SECCOMP, setModeFiltr, newListener, uintptr(unsafe.Pointer(&prog)))
	if e != 0 {
		ready <- e
		return
	}
	w.listen = int(fd)
	ready <- nil
	for f := range w.work {
		f()
	}
}

// leftAlone are calls that the runtime makes on any thread, and that no
// constructor makes.
var leftAlone = []int{unix.SYS_FUTEX, unix.SYS_SCHED_YIELD, unix.SYS_RT_SIGRETURN, unix.SYS_EXIT,
	unix.SYS_RT_SIGPROCMASK, unix.SYS_SIGALTSTACK, unix.SYS_CLONE, unix.SYS_CLOCK_GETTIME}

// supervise answers.
func (w *watcher) supervise() {
	for {
		var n notif
		if _, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(w.listen), notifRecv, uintptr(unsafe.Pointer(&n))); e != 0 {
			if e == unix.EINTR || e == unix.ENOENT {
				continue
			}
			return
		}
		resp := notifResp{id: n.id}
		if w.on.Load() {
			c := seen{nr: n.nr, args: n.args}
			for i, p := range n.args {
				c.mem[i] = peek(p)
			}
			w.mu.Lock()
			w.calls = append(w.calls, c)
			w.mu.Unlock()
			if resp.val = w.ret.Load(); -4095 <= resp.val && resp.val < 0 {
				resp.val, resp.err = 0, int32(resp.val)
			}
		} else {
			resp.flags = notifGoOn
		}
		unix.Syscall(unix.SYS_IOCTL, uintptr(w.listen), notifSend, uintptr(unsafe.Pointer(&resp)))
	}
}

// peek reads what lies at an address of this process, nil if nothing does.
func peek(addr uint64) []byte {
	if addr == 0 || addr > uint64(^uintptr(0)) {
		return nil
	}
	b := make([]byte, 6000)
	local := unix.Iovec{Base: &b[0]}
	local.SetLen(len(b))
	// Page by page, so that the end of a mapping cuts the answer short.
	remote := []unix.RemoteIovec{{Base: uintptr(addr), Len: 4096 - int(addr%4096)}, {Base: uintptr(addr) + uintptr(4096-addr%4096), Len: 4096}}
	n, err := unix.ProcessVMReadv(unix.Getpid(), []unix.Iovec{local}, remote, 0)
	if err != nil || n <= 0 {
		return nil
	}
	return b[:n]
}

// during runs f on the watched thread and returns the calls that it made,
// all of which got the result ret.
func (w *watcher) during(ret int64, f func()) []seen {
	done := make(chan []seen)
	w.work <- func() {
		w.ret.Store(ret)
		w.on.Store(true)
		f()
		w.on.Store(false)
		w.mu.Lock()
		done <- w.calls
		w.calls = nil
		w.mu.Unlock()
	}
	return <-done
}
