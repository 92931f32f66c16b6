// SPDX-License-Identifier: GPL-2.0-only

// Guest is the init of the test machine: it loads the module, runs the test
// programs as root and as nobody, loads and unloads, and reads the kernel's
// log. It reports in lines that start with SUM, FAIL, DIFFERENCE or DMESG and
// switches the machine off.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

const (
	nobody   = 65534
	batchGID = 990 // the group that the udev rule gives the device to
	stranger = 65533
)

var params = map[string]string{}

func param(name string) int {
	n, _ := strconv.Atoi(params[name])
	return n
}

func main() {
	defer powerOff()
	fmt.Println("GUEST up")
	mounts()
	data, _ := os.ReadFile("/proc/cmdline")
	for _, f := range strings.Fields(string(data)) {
		if k, v, ok := strings.Cut(f, "="); ok {
			params[strings.TrimPrefix(k, "batch.")] = v
		}
	}
	note("begin")
	mode := params["mode"]
	steps, ok := modes[mode]
	if !ok {
		fail("no mode %q", mode)
		return
	}
	for _, s := range steps {
		if !selected(s.name) {
			continue
		}
		start := time.Now()
		s.run()
		fmt.Printf("GUEST %s %s %.1f s\n", s.name, "ok", time.Since(start).Seconds())
	}
	fmt.Println("SUM end")
}

// selected reports whether a step is to be run: all are, but for the host's
// choice, and a few that are always needed.
func selected(name string) bool {
	return params["only"] == "" || name == "load" || name == "dmesg" || slices.Contains(strings.Split(params["only"], ","), name)
}

type step struct {
	name string
	run  func()
}

var modes = map[string][]step{
	"boot": {{"boot", func() {}}},
	"test": {
		{"load", func() { load("") }},
		{"access", access},
		{"abi", func() { both("abi"); both("memory"); both("refs"); both("faults") }},
		{"signals", func() { both("signals"); both("stops") }},
		{"security", func() { both("filters"); both("rights") }},
		{"storm", func() { both("storm") }},
		{"batchrt", batchrt},
		{"examples", examples},
		{"policy", policy},
		{"diff", diff},
		{"fuzz", fuzz},
		{"busy", busy},
		{"dmesg", dmesg},
	},
	// What has the kernel's code patched while it runs has a boot of its own,
	// in which qemu emulates one processor at a time: side by side, a
	// translation that one makes while another writes can be of the code as it
	// was before, and stay.
	"patch": {
		{"load", func() { load("") }},
		{"trace", trace},
		{"cycles", cycles},
		{"slot", slot},
		{"race", race},
		{"dmesg", dmesg},
	},
	"bench": {
		{"load", func() { load("") }},
		{"bench", func() { as(0, "bench"); as(0, "gobench") }},
		{"examples", exampleTable},
	},
	"profile": {
		{"load", func() { load("") }},
		{"profile", profile},
	},
}

func mounts() {
	for _, m := range [][3]string{{"proc", "/proc", "proc"}, {"sysfs", "/sys", "sysfs"}, {"devtmpfs", "/dev", "devtmpfs"},
		{"tmpfs", "/tmp", "tmpfs"}, {"tracefs", "/sys/kernel/tracing", "tracefs"}} {
		if err := syscall.Mount(m[0], m[1], m[2], 0, ""); err != nil && m[2] != "tracefs" {
			fail("mount %s: %v", m[1], err)
		}
	}
	os.Chmod("/tmp", 0o1777)
	os.WriteFile("/etc/passwd", []byte("root:x:0:0::/:\nnobody:x:65534:65534::/:\n"), 0o644)
}

func fail(format string, args ...any) {
	fmt.Printf("\nFAIL "+format+"\n", args...)
	fmt.Println("SUM failed=1")
}

// check counts one test of the guest's own.
func check(ok bool, format string, args ...any) {
	fmt.Println("SUM tests=1")
	if !ok {
		fail(format, args...)
	}
}

// load loads the module and gives the device the group and mode that the
// udev rule would give it.
func load(args string) {
	if err := insmod(args); err != nil {
		fail("load %q: %v", args, err)
		return
	}
	if err := os.Chown("/dev/batch", 0, batchGID); err != nil {
		fail("device: %v", err)
	}
}

func insmod(args string) error {
	f, err := os.Open("/batch.ko")
	if err != nil {
		return err
	}
	defer f.Close()
	p, _ := syscall.BytePtrFromString(args)
	_, _, e := syscall.Syscall(sysFinitModule, f.Fd(), uintptr(unsafe.Pointer(p)), 0)
	runtime.KeepAlive(p)
	if e != 0 {
		return e
	}
	return nil
}

func rmmod() error {
	p, _ := syscall.BytePtrFromString("batch")
	_, _, e := syscall.Syscall(syscall.SYS_DELETE_MODULE, uintptr(unsafe.Pointer(p)), syscall.O_NONBLOCK, 0)
	runtime.KeepAlive(p)
	if e != 0 {
		return e
	}
	return nil
}

func both(prog string, args ...string) {
	as(0, prog, args...)
	as(nobody, prog, args...)
}

func command(uid int, prog string, args ...string) *exec.Cmd {
	cmd := exec.Command("/bin/"+prog, args...)
	cmd.Dir = "/tmp"
	cmd.Env = []string{"PATH=/bin", "HOME=/tmp"}
	if uid != 0 {
		groups := []uint32{batchGID}
		if uid == stranger {
			groups = nil
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid), Groups: groups}}
	}
	return cmd
}

// as runs a program and passes its report on.
func as(uid int, prog string, args ...string) { run(command(uid, prog, args...)) }

// run is as for a command.
func run(cmd *exec.Cmd) {
	prog, uid := filepath.Base(cmd.Path), 0
	if cmd.SysProcAttr != nil {
		uid = int(cmd.SysProcAttr.Credential.Uid)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		fail("%s: %v", prog, err)
		return
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		fail("%s: %v", prog, err)
		return
	}
	// a program that hangs is a failure, not the end of all
	limit := time.AfterFunc(2*time.Minute+time.Duration(param("fuzz"))*2*time.Second+time.Duration(param("programs"))*20*time.Millisecond, func() {
		cmd.Process.Kill()
	})
	defer limit.Stop()
	reported, running := false, ""
	for s := bufio.NewScanner(out); s.Scan(); {
		l := s.Text()
		if strings.HasPrefix(l, "RUN ") {
			running = l
			continue
		}
		var a, b, c int
		if n, _ := fmt.Sscanf(l, "TESTS run=%d failed=%d", &a, &b); n == 2 {
			fmt.Printf("SUM tests=%d\nSUM failed=%d\n", a, b)
			reported = true
		} else if n, _ := fmt.Sscanf(l, "DIFF programs=%d differences=%d", &a, &b); n == 2 {
			fmt.Printf("SUM programs=%d\nSUM differences=%d\n", a, b)
			reported = true
		} else if n, _ := fmt.Sscanf(l, "FUZZ seconds=%d requests=%d", &a, &c); n == 2 {
			fmt.Printf("SUM fuzz=%d\n", a)
			reported = c > 0
		}
		fmt.Printf("%s\n", l)
	}
	err = cmd.Wait()
	if err != nil || !reported && !strings.Contains(prog, "bench") {
		fail("%s as %d: %v, reported %v, last %s", prog, uid, err, reported, running)
	}
}

// fuzz leaves out the one call that takes all memory at one stroke.
func fuzz() {
	os.WriteFile(paramDeny, []byte(strconv.Itoa(syscall.SYS_FALLOCATE)), 0)
	as(nobody, "fuzz", strconv.Itoa(param("fuzz")), strconv.Itoa(param("seed")))
	os.WriteFile(paramDeny, []byte("\n"), 0)
}

func diff() {
	n := strconv.Itoa(param("programs") / 2)
	var wg sync.WaitGroup
	wg.Go(func() { as(0, "diff", n, strconv.Itoa(param("seed"))) })
	wg.Go(func() { as(nobody, "diff", n, strconv.Itoa(param("seed")+1)) })
	wg.Wait()
}

// trace lets all of audit's records into the log.
func trace() {
	const limit = "/proc/sys/kernel/printk_ratelimit"
	os.WriteFile(limit, []byte("0"), 0)
	both("trace")
	os.WriteFile(limit, []byte("5"), 0)
}

func cycles() {
	for i := range param("cycles") {
		if err := rmmod(); err != nil {
			fail("unload %d: %v", i, err)
		}
		if _, err := os.Stat("/dev/batch"); err == nil {
			fail("the device is still there after unloading")
		}
		load("")
		as(nobody, "abi")
	}
	fmt.Printf("SUM cycles=%d\n", param("cycles"))
}

// note writes a line into the kernel's log.
func note(s string) {
	os.WriteFile("/dev/kmsg", []byte("<6>vmtest: "+s+"\n"), 0)
}

// Warnings that loading any module from outside the kernel gives, and what
// kernels remark about odd arguments, from whichever caller.
var expected = []string{
	"attempted to duplicate a private mapping with mremap",
	"__vm_enough_memory:",
	"show_signal_msg:",
	"Attempt to set a LOCK_MAND lock via flock(2)",
	"loading out-of-tree module taints kernel",
	"module verification failed: signature and/or required key missing",
	// a machine in software, on a busy one, is slow
	"hrtimer: interrupt took", "clocksource:", "hogged CPU",
	"names a call that can never be in a batch", // asked for by policy()
}

// dmesg looks for warnings and worse since "begin".
func dmesg() {
	f, err := os.OpenFile("/dev/kmsg", os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		fail("kmsg: %v", err)
		return
	}
	fd := int(f.Fd())
	begun, clean := false, true
	buf := make([]byte, 8192)
	for {
		n, err := syscall.Read(fd, buf)
		if err == syscall.EPIPE {
			continue
		}
		if err != nil || n <= 0 {
			break
		}
		head, msg, _ := strings.Cut(string(buf[:n]), ";")
		prio, _, _ := strings.Cut(head, ",")
		level, _ := strconv.Atoi(prio)
		msg, _, _ = strings.Cut(msg, "\n")
		if strings.HasPrefix(msg, "vmtest: begin") {
			begun = true
		}
		if strings.Contains(msg, "KernelAddressSanitizer initialized") {
			fmt.Println("LOG", msg)
		}
		if !begun {
			continue
		}
		if strings.HasPrefix(msg, "batch:") {
			fmt.Println("LOG", msg)
		}
		bad := level&7 <= 4
		for _, e := range expected {
			bad = bad && !strings.Contains(msg, e)
		}
		for _, w := range []string{"BUG", "WARNING", "Oops", "KASAN:", "possible deadlock", "scheduling while atomic"} {
			bad = bad || strings.Contains(msg, w)
		}
		if bad {
			clean = false
			fmt.Println("DMESG", msg)
		}
	}
	if !begun {
		fail("the kernel's log does not go back to the beginning: enlarge log_buf_len")
		return
	}
	if clean {
		fmt.Println("SUM dmesg clean")
	}
}

func powerOff() {
	if r := recover(); r != nil {
		fail("panic: %v", r)
	}
	os.Stdout.Sync()
	time.Sleep(50 * time.Millisecond) // the console's last bytes
	// qemu is told to end instead; works on kernels without ACPI too
	syscall.Reboot(syscall.LINUX_REBOOT_CMD_RESTART)
}
