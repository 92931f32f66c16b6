// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

var sourceTools = []tool{
	{"flex", "flex"}, {"bison", "bison"}, {"bc", "bc"}, {"xz", "xz-utils"}, {"perl", "perl"},
	{"/usr/include/gelf.h", "libelf-dev"}, // objtool's
}

// kasanConfig is what tinyconfig lacks for the tests, and the checkers.
const kasanConfig = `
64BIT SMP PRINTK EARLY_PRINTK BUG TTY SERIAL_8250 SERIAL_8250_CONSOLE BLK_DEV_INITRD BINFMT_ELF BINFMT_SCRIPT
PROC_FS PROC_SYSCTL SYSFS TMPFS TMPFS_XATTR TMPFS_POSIX_ACL SHMEM DEVTMPFS MULTIUSER UNIX98_PTYS
MODULES MODULE_UNLOAD KALLSYMS KALLSYMS_ALL KPROBES FTRACE FTRACE_SYSCALLS FUNCTION_TRACER PERF_EVENTS
NET UNIX INET PACKET AUDIT AUDITSYSCALL SECCOMP SECCOMP_FILTER BPF_SYSCALL
EPOLL EVENTFD SIGNALFD TIMERFD FUTEX POSIX_TIMERS HIGH_RES_TIMERS NO_HZ_IDLE CROSS_MEMORY_ATTACH
MEMFD_CREATE ADVISE_SYSCALLS MEMBARRIER FILE_LOCKING INOTIFY_USER FHANDLE AIO RSEQ SYSVIPC CGROUPS MEMCG
ACPI PCI X86_X2APIC X86_MPPARSE HPET_TIMER RTC_CLASS PREEMPT PREEMPT_DYNAMIC JUMP_LABEL RETPOLINE
DEBUG_KERNEL KASAN KASAN_GENERIC KASAN_OUTLINE KASAN_VMALLOC STACKTRACE FRAME_WARN=4096
PROVE_LOCKING DEBUG_ATOMIC_SLEEP DEBUG_LIST DEBUG_OBJECTS DEBUG_OBJECTS_FREE DEBUG_OBJECTS_ENABLE_DEFAULT=1
LOCKDEP_BITS=18 LOCKDEP_CHAINS_BITS=18 LOG_BUF_SHIFT=20 -SLUB_TINY -EMBEDDED -BASE_SMALL -WERROR -DEBUG_INFO_BTF
`

// kasan builds a kernel with KASAN and lockdep from Debian's kernel sources,
// tests the module on it and fuzzes it for ten minutes.
func (h *harness) kasan(only string, verbose bool) error {
	k, err := h.kasanKernel()
	if err != nil {
		return err
	}
	p := plan{programs: 4000, fuzz: 600, cycles: 5, limit: 2 * time.Hour}
	if h.programs != 0 {
		p.programs = h.programs
	}
	if h.fuzz != 0 {
		p.fuzz = h.fuzz
	}
	line, text, err := h.testOn(k, p, verbose)
	if err == nil && !strings.Contains(text, "KernelAddressSanitizer initialized") {
		err = fmt.Errorf("the kernel did not say that its address sanitizer is on")
	}
	if line != "" {
		fmt.Println(line)
	}
	return err
}

// kasanSource fetches and unpacks the newest kernel sources.
func (h *harness) kasanSource() (src, version string, err error) {
	unlock, err := h.lock()
	if err != nil {
		return "", "", err
	}
	defer unlock()
	a, err := h.apt("amd64")
	if err != nil {
		return "", "", err
	}
	version, err = a.field("linux-source-6.12", "Version", regexp.MustCompile(`~bpo12`))
	if err != nil {
		return "", "", err
	}
	src = filepath.Join(h.cache, "source", "linux-6.12-"+version)
	if _, err := os.Stat(src); err == nil {
		return src, version, nil
	}
	deb, err := a.unpack("linux-source-6.12", "linux-source-6.12="+version)
	if err != nil {
		return "", "", err
	}
	// An interrupted tar must not be taken for all of it.
	part := src + ".part"
	if err := os.RemoveAll(part); err != nil {
		return "", "", err
	}
	if err := os.MkdirAll(part, 0o755); err != nil {
		return "", "", err
	}
	if _, err := command("tar", "-C", part, "--strip-components=1", "-xf", filepath.Join(deb, "usr/src/linux-source-6.12.tar.xz")); err != nil {
		return "", "", err
	}
	return src, version, os.Rename(part, src)
}

func (h *harness) kasanKernel() (*kernel, error) {
	src, version, err := h.kasanSource()
	if err != nil {
		return nil, err
	}
	out := filepath.Join(h.cache, "kasan", version)
	if err := os.MkdirAll(out, 0o755); err != nil {
		return nil, err
	}
	k := &kernel{series: "6.12", arch: "amd64", image: filepath.Join(out, "arch/x86/boot/bzImage"), headers: out}
	mark := filepath.Join(out, ".built")
	want := fmt.Sprintf("%x", sha256.Sum256([]byte(kasanConfig)))
	if have, err := os.ReadFile(mark); err != nil || string(have) != want {
		if err := buildKasan(src, out); err != nil {
			return nil, err
		}
		if err := os.WriteFile(mark, []byte(want), 0o644); err != nil {
			return nil, err
		}
	}
	release, err := os.ReadFile(filepath.Join(out, "include/config/kernel.release"))
	k.release = strings.TrimSpace(string(release))
	return k, err
}

func buildKasan(src, out string) error {
	if _, err := command("make", "-C", src, "O="+out, "tinyconfig"); err != nil {
		return err
	}
	args := []string{"--file", filepath.Join(out, ".config")}
	var required []string
	for _, f := range strings.Fields(kasanConfig) {
		name, value, set := strings.Cut(f, "=")
		switch {
		case f[0] == '-':
			args = append(args, "-d", f[1:])
		case set:
			args = append(args, "--set-val", name, value)
		default:
			args = append(args, "-e", name)
		}
	}
	args = append(args, "--set-str", "LOCALVERSION", "-kasan")
	if _, err := command(filepath.Join(src, "scripts/config"), args...); err != nil {
		return err
	}
	if _, err := command("make", "-C", src, "O="+out, "olddefconfig"); err != nil {
		return err
	}
	config, err := os.ReadFile(filepath.Join(out, ".config"))
	if err != nil {
		return err
	}
	required = []string{"KASAN", "PROVE_LOCKING", "DEBUG_ATOMIC_SLEEP", "KPROBES", "KALLSYMS_ALL", "MODULES", "SECCOMP_FILTER", "AUDITSYSCALL", "FTRACE_SYSCALLS", "SMP"}
	for _, r := range required {
		if !strings.Contains(string(config), "\nCONFIG_"+r+"=y\n") {
			return fmt.Errorf("the kernel's configuration came out without %s", r)
		}
	}
	_, err = command("make", "-C", src, "O="+out, fmt.Sprint("-j", runtime.NumCPU()), "bzImage", "modules_prepare")
	if err != nil {
		return err
	}
	_, err = command("make", "-C", src, "O="+out, "modules") // Module.symvers
	return err
}
