// SPDX-License-Identifier: GPL-2.0-only

// Vmtest tests the kernel module in virtual machines: it fetches kernels and
// their headers as Debian packages, builds the module for each, boots each
// under qemu with an initramfs made of static test programs, and says what
// came of it in one line per kernel.
//
// qemu is run directly and the initramfs written directly (cpio.go): the
// guest's side (package guest) is its own init, its protocol with the host is
// lines on the serial console, and a machine that hangs or panics is told by
// a time limit and by -no-reboot. What a harness library would add (event
// channels, consoles that are typed to, shared folders) is not used.
//
//	vmtest test    6.1 and 6.12: everything, in minutes
//	vmtest soak    also 7.x and arm64, ten times as much
//	vmtest kasan   a kernel with KASAN and lockdep, built from source
//	vmtest bench   instructions per batch, a table per kernel
//	vmtest profile which functions they are
//	vmtest dkms    dkms build against packaged headers
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// harness is what every command needs.
type harness struct {
	cache  string // kernels, builds, logs: outside the repository
	module string // the module's sources
	seed   int64
	apts   map[string]*apt // by architecture
	accel  string
	table  bool
	only   string // guest's steps, "" for all
	run    string // tests of batchrt's suite, "" for all

	programs, fuzz int // 0: the command's own
}

func main() {
	h := &harness{apts: map[string]*apt{}}
	only := flag.String("kernels", "", "comma-separated series to use instead of the command's own, e.g. 6.12,7")
	flag.IntVar(&h.programs, "programs", 0, "random programs per kernel instead of the command's own number")
	flag.IntVar(&h.fuzz, "fuzz", 0, "seconds of fuzzing per kernel instead of the command's own")
	flag.BoolVar(&h.table, "table", false, "build the module so that it calls through sys_call_table where x64_sys_call exists")
	flag.StringVar(&h.only, "only", "", "comma-separated steps of the guest to run instead of all, e.g. diff,fuzz: there is no RESULT then")
	flag.StringVar(&h.run, "run", "", "only tests of batchrt that match this pattern")
	verbose := flag.Bool("v", false, "show the guests' consoles")
	flag.StringVar(&h.module, "module", "..", "the module's sources")
	flag.StringVar(&h.accel, "accel", "", "tcg, tcg-single or kvm (default: kvm where it works)")
	flag.Int64Var(&h.seed, "seed", 0, "seed of the random programs (default: 1 for test, so that it says the same twice; else the time)")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: vmtest [flags] test|soak|kasan|bench|profile|dkms")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := h.main(flag.Arg(0), *only, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "vmtest:", err)
		os.Exit(1)
	}
}

func (h *harness) main(cmd, only string, verbose bool) error {
	base, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	h.cache = filepath.Join(base, "autobatch")
	if err := os.MkdirAll(h.cache, 0o755); err != nil {
		return err
	}
	if h.module, err = filepath.Abs(h.module); err != nil {
		return err
	}
	plan, ok := plans[cmd]
	if !ok {
		return fmt.Errorf("no command %q", cmd)
	}
	if err := needTools(plan.tools); err != nil {
		return err
	}
	if h.seed == 0 && cmd == "test" {
		h.seed = 1
	} else if h.seed == 0 {
		h.seed = time.Now().Unix()
	}
	if plan.run != nil {
		return plan.run(h, only, verbose)
	}
	if h.programs != 0 {
		plan.programs = h.programs
	}
	if h.fuzz != 0 {
		plan.fuzz = h.fuzz
	}
	return h.testAll(plan, only, verbose)
}
