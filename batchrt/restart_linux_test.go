// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const restartVar = "BATCHRT_TEST_RESTART"

// TestRefusedWhileInterrupted has a sleep stopped in the module, after a
// filter has appeared that forbids the sleep: the module sends the batch away
// in the middle of that call, and what must be made plainly is not the sleep
// again but what continues it.
func TestRefusedWhileInterrupted(t *testing.T) {
	if Executor() != "module" {
		t.Skip("needs the kernel module; TestModuleAnswers has the answer from a fake one")
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestRestartChild$")
	cmd.Env = append(os.Environ(), restartVar+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond) // the child filters itself meanwhile
	for range 2 {
		if err := cmd.Process.Signal(unix.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
		if err := cmd.Process.Signal(unix.SIGCONT); err != nil {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
	}
	text := make([]byte, 1000)
	n, _ := out.Read(text)
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if got := string(text[:n]); !strings.HasPrefix(got, "slept <nil>, filter <nil>, executor emulator, forbidden argument list too long") {
		t.Errorf("the child says %q", got)
	}
}

// TestRestartChild is that test's child.
func TestRestartChild(t *testing.T) {
	if os.Getenv(restartVar) == "" {
		t.Skip("a part of TestRefusedWhileInterrupted")
	}
	filtered := make(chan error)
	go func() {
		time.Sleep(100 * time.Millisecond)
		filtered <- forbidAll(unix.SYS_CLOCK_NANOSLEEP)
	}()
	nap := unix.Timespec{Sec: 1}
	ops := [...]Op{ClockNanosleep(unix.CLOCK_MONOTONIC, 0, &nap, nil), Getppid()}
	Run(ops[:])
	if !ops[0].Ran() || !ops[1].Ran() || ops[1].Val() != os.Getppid() {
		fmt.Println("the batch did not run")
	}
	err := <-filtered
	fmt.Printf("slept %v, filter %v, executor %s, forbidden %v\n", ops[0].Err(), err, Executor(),
		unix.ClockNanosleep(unix.CLOCK_MONOTONIC, 0, &unix.Timespec{}, nil))
}

// forbidAll makes a call fail with E2BIG in all threads, for good.
func forbidAll(nr uint32) error {
	const tsync, retErrno = 1, 0x50000
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	f := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: 0, Jf: 1, K: nr},
		{Code: unix.BPF_RET | unix.BPF_K, K: retErrno | uint32(unix.E2BIG)},
		{Code: unix.BPF_RET | unix.BPF_K, K: retAllow},
	}
	prog := unix.SockFprog{Len: uint16(len(f)), Filter: &f[0]}
	if _, _, e := unix.Syscall(unix.SYS_SECCOMP, setModeFiltr, tsync, uintptr(unsafe.Pointer(&prog))); e != 0 {
		return e
	}
	return nil
}
