// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
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
	retNotify    = 0x7fc00000
	retAllow     = 0x7fff0000
)

// arenaTestSize is a length of paths near the arena's own size.
const arenaTestSize = 343

// watchCalls starts a watched thread. The runtime's own calls on it pass.
func watchCalls(t *testing.T) *watcher {
	t.Helper()
	// The module sends a thread whose calls are watched away; and the first
	// refusal would take it away from the tests that follow, too.
	withoutModule(t)
	if unsafe.Sizeof(uintptr(0)) == 4 {
		t.Skip("all calls enter the kernel by the vDSO here")
	}
	// A thread that waits for an answer in a raw system call stops no
	// collection; there must be none.
	gc := debug.SetGCPercent(-1)
	procs := runtime.GOMAXPROCS(4)
	w := &watcher{work: make(chan func())}
	ready := make(chan error)
	go w.thread(ready, callSites(t))
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
func (w *watcher) thread(ready chan<- error, ips []uint64) {
	runtime.LockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		ready <- err
		return
	}
	// The instruction pointer is the second half of struct seccomp_data's
	// first 16 bytes.
	filter := []unix.SockFilter{{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}}
	for _, nr := range cannotFail {
		filter = append(filter,
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: 0, Jf: 1, K: uint32(nr)},
			unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: retNotify})
	}
	for _, ip := range ips {
		filter = append(filter,
			unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 8},
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: 0, Jf: 3, K: uint32(ip)},
			unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 12},
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: 0, Jf: 1, K: uint32(ip >> 32)},
			unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: retNotify})
	}
	filter = append(filter, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: retAllow})
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

// cannotFail are the calls that x/sys makes at places of their own, because
// they have no error, and that the runtime never makes.
var cannotFail = []int{unix.SYS_GETEGID, unix.SYS_GETEUID, unix.SYS_GETGID, unix.SYS_GETUID,
	unix.SYS_GETPPID, unix.SYS_SYNC, unix.SYS_UMASK}

// callSites finds the addresses at which x/sys's functions and batches enter
// the kernel: where a thread is that waits there for a pipe. The runtime's own
// calls are made elsewhere, and must not be held up: it may hold locks.
func callSites(t *testing.T) (ips []uint64) {
	t.Helper()
	for _, batch := range []bool{false, true} {
		var p [2]int
		if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
			t.Fatal(err)
		}
		tid, done := make(chan int), make(chan bool)
		go func() {
			runtime.LockOSThread()
			tid <- unix.Gettid()
			var b [1]byte
			if batch {
				Run([]Op{Read(p[0], b[:])})
			} else {
				unix.Read(p[0], b[:])
			}
			done <- true
		}()
		name := fmt.Sprintf("/proc/self/task/%d/syscall", <-tid)
		var ip uint64
		for try := 0; ; try++ {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f := strings.Fields(string(text))
			if len(f) == 9 && f[0] == strconv.Itoa(unix.SYS_READ) && f[1] == fmt.Sprintf("%#x", p[0]) {
				if ip, err = strconv.ParseUint(f[8], 0, 64); err != nil {
					t.Fatal(err)
				}
				break
			}
			if try == 1000 && runtime.GOARCH != "amd64" {
				t.Skipf("the reading thread is in %q: is this qemu's user mode?", text)
			}
			if try == 1000 {
				t.Fatalf("the reading thread is in %q", text)
			}
			time.Sleep(time.Millisecond)
		}
		unix.Write(p[1], []byte{0})
		<-done
		unix.Close(p[0])
		unix.Close(p[1])
		ips = append(ips, ip)
	}
	return ips
}

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
