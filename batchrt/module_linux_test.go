// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import (
	"errors"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/autobatch/autobatch/batchrt/internal/fakedev"
)

// useDevice makes f the module for one test.
func useDevice(t *testing.T, f func(*batchReq) (uintptr, syscall.Errno)) {
	t.Helper()
	allow, on := module.allow, module.on.Load()
	fakeDevice = func(req unsafe.Pointer) (uintptr, syscall.Errno) { return f((*batchReq)(req)) }
	for i := range module.allow {
		module.allow[i] = 1<<64 - 1
	}
	module.learn()
	module.on.Store(true)
	t.Cleanup(func() {
		fakeDevice = nil
		module.allow = allow
		module.learn()
		module.on.Store(on)
	})
}

// heapOps keeps tables where addresses stay what they are.
var heapOps []Op

// TestModuleInterrupted runs a table with references on a device that
// interrupts it wherever it may.
func TestModuleInterrupted(t *testing.T) {
	path, _ := tmpFile(t, 1234)
	for seed := int64(0); seed < 300; seed++ {
		dev := fakedev.New(seed)
		dev.Refuse, dev.Gone = int(seed%7)*20, int(seed%5)*20
		useDevice(t, func(r *batchReq) (uintptr, syscall.Errno) { return dev.Run(unsafe.Pointer(r)) })
		a, st, buf := new(Arena), new(unix.Stat_t), make([]byte, 64)
		heapOps = []Op{
			a.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0),
			Fstat(-1, st).FD(0),
			Load(3, 1, &st.Size),
			Seek(-1, 0, unix.SEEK_SET).FD(0),
			Const(-2).Jump(2, 0, 0),
			Umask(0),
			Umask(0),
			Dup(-1).FD(0),
			Pread(-1, buf, 0).FD(7),
			Close(-1).FD(7),
			Close(-1).FD(0),
			a.Access(path+"\x00", 0),
			Umask(0),
		}
		for again := 0; again < 2; again++ {
			Run(heapOps)
			var ran strings.Builder
			for i := range heapOps {
				if heapOps[i].Ran() {
					ran.WriteByte('1')
				} else {
					ran.WriteByte('0')
				}
			}
			if ran.String() != "1111100111110" {
				t.Fatalf("seed %d: ran %s", seed, &ran)
			}
			pos, _ := heapOps[3].Int64()
			n, err := heapOps[8].Int()
			if st.Size != 1234 || pos != 1234 || n != 64 || err != nil || heapOps[9].Err() != nil || heapOps[10].Err() != nil ||
				heapOps[11].Err() != unix.EINVAL {
				t.Fatalf("seed %d: size %d, position %d, read %d, %v", seed, st.Size, pos, n, err)
			}
		}
	}
}

// TestModuleAnswers gives each answer that the module may give, once, at a
// known place.
func TestModuleAnswers(t *testing.T) {
	_, fd := tmpFile(t, 10)
	seek := func(to int64) Op { return Seek(fd, to, unix.SEEK_SET) }
	entry := func(r *batchReq, i int) *Op {
		return (*Op)(unsafe.Add(*(*unsafe.Pointer)(unsafe.Pointer(&r.calls)), i*opSize))
	}
	for _, c := range []struct {
		name   string
		answer func(r *batchReq) (uintptr, syscall.Errno) // the first one; later ones are from a device that does it all
		lost   bool
		check  func() bool
	}{
		{"EINTR", func(r *batchReq) (uintptr, syscall.Errno) {
			entry(r, 0).ret = 1
			r.pos = 1
			return 0, syscall.EINTR
		}, false, func() bool {
			_, err := heapOps[1].Int64()
			return err == unix.EINTR && !heapOps[2].Ran() && heapOps[3].Ran()
		}},
		{"ran, but not stored", func(r *batchReq) (uintptr, syscall.Errno) {
			r.state, r.res = batchRan, 77
			return 0, syscall.EFAULT
		}, false, func() bool {
			n, err := heapOps[0].Int64()
			return n == 77 && err == nil && heapOps[1].Ran()
		}},
		{"refused at the start", func(r *batchReq) (uintptr, syscall.Errno) {
			return 0, syscall.EOPNOTSUPP
		}, true, func() bool { n, err := heapOps[0].Int64(); return n == 1 && err == nil }},
		{"refused midway", func(r *batchReq) (uintptr, syscall.Errno) {
			entry(r, 0).ret = 55
			r.pos = 1
			return 0, syscall.EOPNOTSUPP
		}, true, func() bool { n, err := heapOps[0].Int64(); return n == 55 && err == nil }},
		{"refused while interrupted", func(r *batchReq) (uintptr, syscall.Errno) {
			entry(r, 0).ret = 55
			r.pos, r.state = 1, batchRestart
			return 0, syscall.EOPNOTSUPP
		}, true, func() bool {
			// There is nothing to restart here: the kernel says EINTR, and
			// qemu's user mode that it knows no such call.
			_, err := heapOps[1].Int64()
			return (err == unix.EINTR || err == unix.ENOSYS && runtime.GOARCH != "amd64") && !heapOps[2].Ran()
		}},
		{"another file", func(r *batchReq) (uintptr, syscall.Errno) {
			return 0, syscall.ENOTTY
		}, true, func() bool { n, _ := heapOps[0].Int64(); return n == 1 }},
		{"closed", func(r *batchReq) (uintptr, syscall.Errno) {
			return 0, syscall.EBADF
		}, true, func() bool { n, _ := heapOps[0].Int64(); return n == 1 }},
		{"unheard of", func(r *batchReq) (uintptr, syscall.Errno) {
			return 0, syscall.EXDEV
		}, true, func() bool { n, _ := heapOps[0].Int64(); return n == 1 }},
	} {
		dev := fakedev.New(1)
		first := true
		useDevice(t, func(r *batchReq) (uintptr, syscall.Errno) {
			if first {
				first = false
				return c.answer(r)
			}
			return dev.Run(unsafe.Pointer(r))
		})
		heapOps = []Op{seek(1), seek(2).Jump(1, 0, 0), seek(3), seek(4)}
		Run(heapOps)
		if !c.check() {
			t.Errorf("%s: wrong results: %+v", c.name, heapOps)
		}
		if !heapOps[3].Ran() {
			t.Errorf("%s: the batch ended early", c.name)
		}
		if usable := module.usable(); usable == c.lost {
			t.Errorf("%s: the module is still used: %v", c.name, usable)
		}
		if c.lost {
			calls := 0
			fakeDevice = func(unsafe.Pointer) (uintptr, syscall.Errno) { calls++; return 0, syscall.EBADF }
			Run(heapOps)
			if calls != 0 {
				t.Errorf("%s: a lost module was asked again", c.name)
			}
		}
	}
}

// TestModuleAllowList leaves a table with a call that the module does not run
// to the emulator, without asking.
func TestModuleAllowList(t *testing.T) {
	asked := false
	useDevice(t, func(*batchReq) (uintptr, syscall.Errno) { asked = true; return 0, syscall.EOPNOTSUPP })
	module.allow[unix.SYS_UMASK/64] &^= 1 << (unix.SYS_UMASK % 64)
	module.learn()
	old := unix.Umask(0o22)
	defer unix.Umask(old)
	heapOps = []Op{Const(1), Umask(0o22)}
	Run(heapOps)
	if asked || heapOps[1].Val() != 0o22 || !module.usable() {
		t.Error(asked, heapOps[1].Val(), module.usable())
	}
}

// TestHeader compares the constants with the C header, where that is at hand.
func TestHeader(t *testing.T) {
	text, err := os.ReadFile("../module/batch_uapi.h")
	if err != nil {
		t.Skip(err)
	}
	for name, want := range map[string]int64{
		"BATCH_ABI": batchABI, "BATCH_START": batchStart, "BATCH_RESTART": batchRestart, "BATCH_RAN": batchRan,
		"BATCH_DONE": batchDone, "BATCH_CONTINUE": batchContinue, "BATCH_ALLOW_WORDS": batchAllowWords,
		"BATCH_NR_WDCPY": int64(int16(nrWdcpy - 1<<16)), "BATCH_NR_CONST": int64(int16(nrConst - 1<<16)),
	} {
		m := regexp.MustCompile(`(?m)^#define ` + name + `\s+\(?(-?\w+)\)?`).FindSubmatch(text)
		if m == nil {
			t.Errorf("%s is not in the header", name)
			continue
		}
		if got, err := strconv.ParseInt(string(m[1]), 0, 64); err != nil || got != want {
			t.Errorf("%s is %s in the header, %d here", name, m[1], want)
		}
	}
	for name, want := range map[string]uintptr{"BATCH_RUN": batchRun, "BATCH_INFO": batchInfo} {
		m := regexp.MustCompile(`(?m)^#define ` + name + `\s+_IO(WR|R)\(BATCH_IOC_MAGIC, (0x\w+), struct (\w+)\)`).FindSubmatch(text)
		if m == nil {
			t.Errorf("%s is not in the header", name)
			continue
		}
		dir := map[string]uintptr{"R": 2, "WR": 3}[string(m[1])]
		size := map[string]uintptr{"batch_req": unsafe.Sizeof(batchReq{}), "batch_info": unsafe.Sizeof(batchInfoT{})}[string(m[3])]
		nr, _ := strconv.ParseUint(string(m[2]), 0, 8)
		if got := dir<<30 | size<<16 | 0xb7<<8 | uintptr(nr); got != want {
			t.Errorf("%s is %#x in the header, %#x here", name, got, want)
		}
	}
	if !strings.Contains(string(text), "#define BATCH_IOC_MAGIC	0xB7") {
		t.Error("BATCH_IOC_MAGIC is not 0xB7")
	}
}

// TestProbe takes a descriptor as the device's, with all that can be wrong
// about it.
func TestProbe(t *testing.T) {
	good := batchInfoT{abi: batchABI, maxStride: 4096, features: batchFNeeded}
	good.allow[0] = 5
	info, fail := good, syscall.Errno(0)
	fakeControl = func(request uintptr, arg unsafe.Pointer) (uintptr, syscall.Errno) {
		*(*batchInfoT)(arg) = info
		return 0, fail
	}
	defer func() { fakeControl = nil }()
	fd, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	var d device
	if why := d.take(fd); !d.usable() || why != "/dev/batch" || d.fd < lowestFD || d.allow != good.allow {
		t.Fatalf("%s: %+v", why, d.fd)
	}
	defer unix.Close(d.fd)
	if flags, err := unix.FcntlInt(uintptr(d.fd), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
		t.Errorf("the descriptor is not close-on-exec: %x, %v", flags, err)
	}
	for name, change := range map[string]func(){
		"abi":      func() { info.abi++ },
		"stride":   func() { info.maxStride = 64 },
		"features": func() { info.features = 0 },
		"no info":  func() { fail = syscall.ENOTTY },
	} {
		info, fail = good, 0
		change()
		var d device
		if why := d.take(fd); d.usable() {
			t.Errorf("%s: taken: %s", name, why)
		}
	}
}

// TestEnvironment starts this test again as a program, to see which executor
// it says it has.
func TestEnvironment(t *testing.T) {
	if os.Getenv("BATCHRT_CHILD") != "" {
		return
	}
	for _, c := range []struct{ env, want string }{
		{"BATCH_EMUL=1", "batchrt: executor emulator (BATCH_EMUL is set)\n"},
		{"BATCH_EMUL=0", "batchrt: executor "},
	} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestEnvironment$")
		cmd.Env = append(os.Environ(), "BATCHRT_CHILD=1", "BATCH_VERBOSE=1", c.env)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		if err := cmd.Run(); errors.Is(err, unix.ENOEXEC) {
			t.Skip("under an emulator programs cannot start themselves")
		} else if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%s: said %q, want %q", c.env, stderr.String(), c.want)
		}
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestEnvironment$")
	cmd.Env = append(os.Environ(), "BATCHRT_CHILD=1", "BATCH_VERBOSE=")
	if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), "batchrt:") {
		t.Errorf("unasked: %q, %v", out, err)
	}
}
