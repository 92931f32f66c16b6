// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// plan is what a command does: on which kernels, and how much of it.
type plan struct {
	tools    []tool
	kernels  []string // series/arch that must give a RESULT line
	programs int      // random programs in all, half as root, half as nobody
	conform  int      // random programs of batchrt's generator, likewise
	fuzz     int      // seconds of garbage in all
	cycles   int      // load and unload
	limit    time.Duration
	run      func(h *harness, only string, verbose bool) error // instead of all that
}

var plans map[string]plan

func init() {
	plans = map[string]plan{
		"test": {tools: testTools, kernels: []string{"6.1/amd64", "6.12/amd64"},
			programs: 20000, conform: 1000, fuzz: 10, cycles: 5, limit: 30 * time.Minute},
		"soak": {tools: testTools, kernels: []string{"6.1/amd64", "6.12/amd64", "7/amd64", "6.12/arm64"},
			programs: 200000, conform: 10000, fuzz: 60, cycles: 50, limit: 3 * time.Hour},
		"kasan":   {tools: slices.Concat(testTools, sourceTools), run: (*harness).kasan},
		"bench":   {tools: testTools, run: (*harness).bench},
		"profile": {tools: testTools, run: (*harness).profile},
		"dkms":    {tools: append(testTools, tool{"dkms", "dkms"}), run: (*harness).dkms},
	}
}

// testAll runs the plan on each kernel, one machine at a time, and prints
// each one's RESULT line. The first failure does not stop the others.
func (h *harness) testAll(p plan, only string, verbose bool) error {
	names := p.kernels
	if only != "" {
		names = kernelNames(only)
	}
	var results, failures []string
	for _, name := range names {
		line, err := h.testKernel(name, p, verbose)
		if err != nil {
			fmt.Fprintf(os.Stderr, "vmtest: kernel %s: %v\n", name, err)
			failures = append(failures, name)
		}
		if line != "" {
			results = append(results, line)
		}
	}
	for _, r := range results {
		fmt.Println(r)
	}
	if failures != nil {
		return fmt.Errorf("failed on %s", strings.Join(failures, ", "))
	}
	return nil
}

// apt returns the apt that knows the packages of an architecture (and of this
// machine's, whose programs build its modules).
func (h *harness) apt(arch string) (*apt, error) {
	if a := h.apts[arch]; a != nil {
		return a, nil
	}
	dir, archs := "apt", []string{"amd64"}
	if arch != "amd64" {
		dir, archs = "apt-"+arch, append(archs, arch)
	}
	a, err := newApt(filepath.Join(h.cache, dir), extraSuites, archs...)
	if err == nil {
		h.apts[arch] = a
	}
	return a, err
}

// kernelNames completes names like "6.12" to "6.12/amd64".
func kernelNames(list string) []string {
	var names []string
	for _, n := range strings.Split(list, ",") {
		if !strings.Contains(n, "/") {
			n += "/amd64"
		}
		names = append(names, n)
	}
	return names
}

// lock keeps other runs from the cache until it is called off: they fetch into
// it and build in it, perhaps from other sources.
func (h *harness) lock() (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(h.cache, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}

func (h *harness) kernel(name string) (*kernel, error) {
	unlock, err := h.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	i := slices.IndexFunc(allSeries, func(s series) bool { return s.name+"/"+s.arch == name })
	if i < 0 {
		return nil, fmt.Errorf("unknown series; known are %v", allSeries)
	}
	s := allSeries[i]
	if s.arch == "arm64" {
		if err := needTools(armTools); err != nil {
			return nil, err
		}
	}
	a, err := h.apt(s.arch)
	if err != nil {
		return nil, err
	}
	k, err := a.fetch(s)
	if err == nil && s.suite != "bookworm" {
		k.tree, err = newTree(h.cache, s.suite)
	}
	return k, err
}

func (h *harness) testKernel(name string, p plan, verbose bool) (string, error) {
	k, err := h.kernel(name)
	if err != nil {
		return "", err
	}
	line, _, err := h.testOn(k, p, verbose)
	return line, err
}

// prepare builds all that a kernel's machine holds, into a file of this run's
// own, which the caller removes.
func (h *harness) prepare(k *kernel) (initrd string, err error) {
	unlock, err := h.lock()
	if err != nil {
		return "", err
	}
	defer unlock()
	ko, err := h.buildModule(k)
	if err != nil {
		return "", err
	}
	if err := checkModinfo(ko); err != nil {
		return "", err
	}
	progs, err := h.buildTests(k.arch)
	if err != nil {
		return "", err
	}
	return h.initramfs(k, ko, progs)
}

// testOn builds everything for a kernel, boots it and judges the report,
// which it returns as well.
func (h *harness) testOn(k *kernel, p plan, verbose bool) (line, text string, err error) {
	start := time.Now()
	initrd, err := h.prepare(k)
	if err != nil {
		return "", "", err
	}
	defer os.Remove(initrd)
	prepared := time.Since(start)
	accel := h.accel
	if accel == "" && k.arch == "amd64" && h.kvmWorks(k, initrd) {
		accel = "kvm"
	}
	v := vm{kernel: k, initrd: initrd, accel: accel, limit: p.limit, memory: 1024,
		log: filepath.Join(h.cache, "log", k.release+".log"),
		params: []string{fmt.Sprint("batch.programs=", p.programs), fmt.Sprint("batch.conform=", p.conform),
			fmt.Sprint("batch.fuzz=", p.fuzz), fmt.Sprint("batch.cycles=", p.cycles), fmt.Sprint("batch.seed=", h.seed),
			"batch.run=" + h.run, "batch.only=" + h.only}}
	if verbose {
		v.echo = os.Stderr
	}
	texts, err := v.boots()
	text = strings.Join(texts, "")
	switch {
	case err != nil:
		return "", text, fmt.Errorf("%w\n%s", err, tail(text, 40))
	case h.only != "":
		fmt.Fprintln(os.Stderr, grep(text, "GUEST"))
		err = judgePart(texts)
	default:
		line, err = judge(k, p, texts)
	}
	fmt.Fprintf(os.Stderr, "vmtest: %s: ready in %.0f s, done in %.0f s, seed %d, %s\n", k.release, prepared.Seconds(), time.Since(start).Seconds(), h.seed, cmp.Or(accel, "tcg"))
	return line, text, err
}

// boots runs the machine's two lists of tests (guest's main.go says why there
// are two) and returns the reports.
func (v *vm) boots() (texts []string, err error) {
	for _, mode := range []string{"test", "patch"} {
		w := *v
		w.params = append([]string{"batch.mode=" + mode}, v.params...)
		w.log = v.log + "." + mode
		if mode == "patch" && w.accel != "kvm" {
			w.accel = "tcg-single"
		}
		text, err := w.run()
		texts = append(texts, text)
		if err != nil {
			return texts, err
		}
	}
	return texts, nil
}

// initramfs packs the guest's init, the module and the test programs.
func (h *harness) initramfs(k *kernel, ko, progs string) (string, error) {
	path := filepath.Join(h.cache, "build", fmt.Sprintf("%s_%s.%d.cpio", k.release, k.arch, os.Getpid()))
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	c := &cpioWriter{w: f}
	for _, d := range []string{"dev", "proc", "sys", "tmp", "bin", "etc"} {
		c.dir(d)
	}
	c.char("dev/console", 5, 1)
	c.char("dev/null", 1, 3)
	c.file("init", filepath.Join(progs, "guest"))
	c.file("batch.ko", ko)
	files, _ := os.ReadDir(progs)
	for _, e := range files {
		if e.Name() != "guest" {
			c.file("bin/"+e.Name(), filepath.Join(progs, e.Name()))
		}
	}
	return path, c.close()
}

// judge reads a guest's reports. All that the plan asked for must be there.
func judge(k *kernel, p plan, texts []string) (string, error) {
	text := strings.Join(texts, "")
	sum := map[string]int{}
	for _, m := range regexp.MustCompile(`(?m)^SUM (\w+)=(\d+)$`).FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[2])
		sum[m[1]] += n
	}
	dmesg := "clean"
	for _, t := range texts {
		if !strings.Contains(t, "\nSUM dmesg clean\n") {
			dmesg = "dirty"
		}
	}
	line := fmt.Sprintf("RESULT kernel=%s arch=%s tests=%d programs=%d differences=%d fuzz_s=%d dmesg=%s",
		k.release, k.arch, sum["tests"], sum["programs"], sum["differences"], sum["fuzz"], dmesg)
	switch {
	case sum["failed"] != 0 || strings.Contains(text, "\nFAIL "):
		return line, fmt.Errorf("%d tests failed\n%s", sum["failed"], grep(text, "FAIL"))
	case sum["tests"] == 0 || sum["programs"] < p.programs || sum["conform"] < p.conform || sum["fuzz"] < p.fuzz || sum["cycles"] < p.cycles:
		return line, fmt.Errorf("the guest did less than asked for: %v", sum)
	case sum["differences"] != 0:
		return line, fmt.Errorf("module and plain calls differ\n%s", grep(text, "DIFFERENCE"))
	case dmesg != "clean":
		return line, fmt.Errorf("the kernel complained\n%s", grep(text, "DMESG"))
	}
	return line, finished(texts)
}

func finished(texts []string) error {
	for _, t := range texts {
		if !strings.Contains(t, "\nSUM end\n") {
			return fmt.Errorf("the guest did not finish\n%s", tail(t, 60))
		}
	}
	return nil
}

// judgePart reads the reports of some of the guest's steps: nothing bad may be
// in them, but they are no result.
func judgePart(texts []string) error {
	for _, t := range texts {
		for _, bad := range []string{"FAIL", "DIFFERENCE", "DMESG"} {
			if strings.Contains(t, "\n"+bad+" ") {
				return fmt.Errorf("%s", grep(t, bad))
			}
		}
	}
	return finished(texts)
}

func tail(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

func grep(text, word string) string {
	var out []string
	for _, l := range strings.Split(text, "\n") {
		if strings.Contains(l, word) && len(out) < 400 {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

// checkModinfo demands that the module says what it is and what every
// parameter does.
func checkModinfo(ko string) error {
	out, err := exec.Command("/sbin/modinfo", ko).CombinedOutput()
	if err != nil {
		return fmt.Errorf("modinfo: %w: %s", err, out)
	}
	for _, want := range []string{`description:\s+\S`, `author:\s+\S`, `license:\s+GPL`, `version:\s+\S`, `alias:\s+devname:batch`, `vermagic:\s+\S`} {
		if !regexp.MustCompile(`(?m)^` + want).Match(out) {
			return fmt.Errorf("modinfo lacks %s:\n%s", want, out)
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^parm:\s+(\w+):(.*)$`).FindAllStringSubmatch(string(out), -1) {
		if len(strings.TrimSpace(m[2])) < 10 {
			return fmt.Errorf("parameter %s has no description", m[1])
		}
	}
	return nil
}
