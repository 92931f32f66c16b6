// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// command runs a program and returns what it printed; on failure the error
// holds that as well.
func command(name string, args ...string) (string, error) {
	return commandIn("", nil, name, args...)
}

func commandIn(dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out.String())
	}
	return out.String(), nil
}

// complaint is a line of a build that must not be there. (pahole and the
// headers' own scripts do not print such lines.)
var complaint = regexp.MustCompile(`(?m)^.*\b(warning|error):.*$|^.*WARNING: modpost.*$`)

// buildModule builds the module for k in a copy of its sources, with all
// warnings and with sparse, and returns the path of batch.ko.
func (h *harness) buildModule(k *kernel) (string, error) {
	dir := filepath.Join(h.cache, "build", k.release+"_"+k.arch)
	if err := copySources(dir, h.module); err != nil {
		return "", err
	}
	args := []string{"-C", k.headers, "M=" + dir, "modules", "W=1", "C=2"}
	if k.arch == "arm64" {
		args = append(args, "ARCH=arm64", "CROSS_COMPILE=aarch64-linux-gnu-")
	}
	if h.table {
		args = append(args, "KCFLAGS=-DCONFIG_BATCH_FORCE_TABLE=1")
	}
	out, err := k.tree.command("make", args...)
	if err != nil {
		return "", err
	}
	if lines := complaint.FindAllString(out, -1); lines != nil {
		return "", fmt.Errorf("building for %s is not clean:\n%s", k.release, strings.Join(lines, "\n"))
	}
	return filepath.Join(dir, "batch.ko"), nil
}

// copySources makes dir hold the module's sources, and nothing of a build
// made from others.
func copySources(dir, module string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var files []string
	for _, g := range []string{"*.c", "*.h", "Kbuild", "Makefile", "calls.list", "calls.awk"} {
		m, _ := filepath.Glob(filepath.Join(module, g))
		files = append(files, m...)
	}
	for _, f := range files {
		if strings.HasSuffix(f, ".mod.c") {
			continue
		}
		data, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(f)), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// buildTests compiles every C program of module/tests and the Go programs for
// the guest, all static, into one folder.
func (h *harness) buildTests(arch string) (string, error) {
	dir := filepath.Join(h.cache, "tests", arch)
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	cc := "gcc"
	if arch == "arm64" {
		cc = "aarch64-linux-gnu-gcc"
	}
	progs, _ := filepath.Glob(filepath.Join(h.module, "tests", "*.c"))
	for _, p := range progs {
		name := strings.TrimSuffix(filepath.Base(p), ".c")
		if arch != "amd64" && strings.HasPrefix(name, "seed") {
			continue // the slot is x86-64's
		}
		if _, err := command(cc, "-std=gnu11", "-O2", "-g0", "-Wall", "-Wextra", "-Werror", "-static", "-pthread", "-o", filepath.Join(dir, name), p); err != nil {
			return "", err
		}
	}
	for _, pkg := range []string{"guest", "storm", "gobench"} {
		if _, err := commandIn(filepath.Join(h.module, "vmtest"), guestEnv(arch), "go", "build", "-trimpath", "-ldflags=-w", "-o", filepath.Join(dir, pkg), "./"+pkg); err != nil {
			return "", err
		}
	}
	// batchrt's own tests, and its random programs.
	rt := filepath.Join(h.module, "..", "batchrt")
	if _, err := commandIn(rt, guestEnv(arch), "go", "test", "-c", "-o", filepath.Join(dir, "batchrt.test"), "."); err != nil {
		return "", err
	}
	if _, err := commandIn(rt, guestEnv(arch), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", filepath.Join(dir, "conform"), "./internal/conform"); err != nil {
		return "", err
	}
	return dir, h.buildExamples(arch, dir)
}
