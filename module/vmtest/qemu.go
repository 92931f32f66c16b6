// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
)

// vm is one boot of a virtual machine: a kernel, an initramfs, no disk, no
// network. All that the guest says comes over its serial console.
type vm struct {
	kernel *kernel
	initrd string
	params []string // for the guest, as batch.name=value
	accel  string   // "tcg" or "kvm"
	icount bool     // count instructions: one processor, virtual time
	memory int      // MiB, 0: 512
	cpus   int      // 0: 2
	limit  time.Duration
	log    string // file that gets the console's output
	echo   io.Writer
	gdb    string // socket of the debugger's stub
}

func (v *vm) args() []string {
	cpus, memory := v.cpus, v.memory
	if cpus == 0 {
		cpus = 2
	}
	if memory == 0 {
		memory = 512
	}
	console := "ttyS0"
	args := []string{"-nodefaults", "-no-user-config", "-display", "none", "-serial", "stdio", "-no-reboot",
		"-m", fmt.Sprint(memory), "-kernel", v.kernel.image, "-initrd", v.initrd}
	if v.kernel.arch == "arm64" {
		console = "ttyAMA0"
		args = append(args, "-M", "virt", "-cpu", "max,pauth-impdef=on,sve=off,sme=off")
	} else {
		args = append(args, "-M", "q35")
	}
	if v.gdb != "" {
		args = append(args, "-chardev", "socket,path="+v.gdb+",server=on,wait=off,id=gdb", "-gdb", "chardev:gdb")
	}
	switch {
	case v.icount:
		cpus = 1
		args = append(args, "-accel", "tcg", "-icount", "shift=0,sleep=off")
	case v.accel == "kvm":
		args = append(args, "-accel", "kvm")
	default:
		thread := "multi"
		if v.accel == "tcg-single" {
			thread = "single"
		}
		args = append(args, "-accel", "tcg,thread="+thread)
	}
	if v.kernel.arch == "amd64" {
		if v.accel == "kvm" {
			args = append(args, "-cpu", "host")
		} else {
			// TCG double-faults Linux 6.12 after cmpxchg16b; la57 costs page walks
			args = append(args, "-cpu", "max,-cx16,-la57")
		}
	}
	cmdline := append([]string{"console=" + console, "quiet", "loglevel=4", "panic=-1", "log_buf_len=4M", "oops=panic", "panic_on_warn=1", "rdinit=/init"}, v.params...)
	return append(args, "-smp", fmt.Sprint(cpus), "-append", strings.Join(cmdline, " "))
}

// Under TCG on a machine with much else to do, a kernel's second processor now
// and then comes up without its timer, and the boot hangs long before anything
// of ours runs. Such a machine is switched off and on again.
const (
	startLimit = 3 * time.Minute
	startSign  = "GUEST up"
	starts     = 3
)

var errNoStart = errors.New("the guest's init did not start")

// run boots the machine and returns what it said when it is off. It is an
// error if it is not off within the limit.
func (v *vm) run() (text string, err error) {
	for range starts {
		if text, err = v.runUntil(context.Background()); !errors.Is(err, errNoStart) {
			break
		}
		fmt.Fprintf(os.Stderr, "vmtest: %s: %v within %v\n", v.kernel.release, err, startLimit)
	}
	return text, err
}

// signWatch waits for a line in what is written to it.
type signWatch struct {
	sign string
	line []byte
	seen atomic.Bool
}

func (w *signWatch) Write(p []byte) (int, error) {
	for _, c := range p {
		if w.line = append(w.line, c); c == '\n' {
			if bytes.HasPrefix(w.line, []byte(w.sign)) {
				w.seen.Store(true)
			}
			w.line = w.line[:0]
		}
	}
	return len(p), nil
}

// runUntil is run, and ends the machine when ctx says so.
func (v *vm) runUntil(ctx context.Context) (string, error) {
	program := "qemu-system-x86_64"
	if v.kernel.arch == "arm64" {
		program = "qemu-system-aarch64"
	}
	ctx, cancel := context.WithTimeout(ctx, v.limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, v.args()...)
	var out bytes.Buffer
	w := io.Writer(&out)
	if v.echo != nil {
		w = io.MultiWriter(&out, v.echo)
	}
	if v.log != "" {
		if err := os.MkdirAll(filepath.Dir(v.log), 0o755); err != nil {
			return "", err
		}
		f, err := os.Create(v.log)
		if err != nil {
			return "", err
		}
		defer f.Close()
		w = io.MultiWriter(w, f)
	}
	watch := &signWatch{sign: startSign}
	w = io.MultiWriter(w, watch)
	cmd.Stdout, cmd.Stderr = w, w
	var late atomic.Bool
	timer := time.AfterFunc(startLimit, func() {
		if !watch.seen.Load() {
			late.Store(true)
			cancel()
		}
	})
	err := cmd.Run()
	timer.Stop()
	text := strings.ReplaceAll(out.String(), "\r", "")
	if late.Load() {
		return text, errNoStart
	}
	if ctx.Err() != nil {
		return text, fmt.Errorf("the machine with kernel %s was not done within %v; its console is in %s", v.kernel.release, v.limit, v.log)
	}
	return text, err
}

// kvmWorks finds out by booting, with a time limit: /dev/kvm may exist and
// hang. The answer holds for this boot of this machine.
func (h *harness) kvmWorks(k *kernel, initrd string) bool {
	f, err := os.OpenFile("/dev/kvm", os.O_RDWR, 0)
	if err != nil {
		return false
	}
	f.Close()
	id, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	note := filepath.Join(h.cache, "kvm")
	if have, err := os.ReadFile(note); err == nil && bytes.HasPrefix(have, id) {
		return bytes.HasSuffix(have, []byte("yes"))
	}
	v := vm{kernel: k, initrd: initrd, accel: "kvm", params: []string{"batch.mode=boot"}, limit: 8 * time.Second}
	text, err := v.run()
	answer := "no"
	if err == nil && strings.Contains(text, "GUEST boot ok") {
		answer = "yes"
	}
	os.WriteFile(note, append(id, answer...), 0o644)
	return answer == "yes"
}
