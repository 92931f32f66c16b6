// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"debug/elf"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// profile says where a batch's instructions go: it steps through batches of
// two sizes, of tests/bench.c from the kernel's entry point to the return, of
// gobench all that rewritten code does, and prints how many each function
// executed: per entry, and besides.
func (h *harness) profile(only string, verbose bool) error {
	names := []string{"6.12/amd64"}
	if only != "" {
		names = kernelNames(only)
	}
	for _, name := range names {
		k, err := h.kernel(name)
		if err != nil {
			return err
		}
		initrd, err := h.prepare(k)
		if err != nil {
			return err
		}
		defer os.Remove(initrd)
		for _, program := range []string{"bench", "gobench"} {
			sizes := [2]int{8, 16}
			var counts [2]map[string]int
			for i, n := range sizes {
				v := h.benchVM(k, initrd, "profile", verbose)
				v.params = append(v.params, fmt.Sprint("batch.size=", n), "batch.program="+program)
				own, err := programSymbols(filepath.Join(h.cache, "tests", k.arch, program))
				if err != nil {
					return err
				}
				start := "entry_SYSCALL_64"
				if program == "gobench" {
					start = fmt.Sprint("main.getppid", n)
				}
				if counts[i], err = v.steps(filepath.Join(h.cache, "gdb"), start, own); err != nil {
					return err
				}
			}
			fmt.Printf("\n%s, %s: instructions of a batch of getppid\n", k.release, program)
			printProfile(sizes, counts)
		}
	}
	return nil
}

func printProfile(sizes [2]int, counts [2]map[string]int) {
	type row struct {
		name       string
		entry, all float64
	}
	var rows []row
	total := row{name: "all"}
	for name, b := range counts[1] {
		a := counts[0][name]
		per := float64(b-a) / float64(sizes[1]-sizes[0])
		r := row{name, per, float64(a) - per*float64(sizes[0])}
		total.entry += r.entry
		total.all += r.all
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b row) int {
		if d := (b.entry*8 + b.all) - (a.entry*8 + a.all); d != 0 {
			return int(d * 8)
		}
		return strings.Compare(a.name, b.name)
	})
	fmt.Printf("\n| function | each batch | each entry |\n|---|---|---|\n")
	for _, r := range append([]row{total}, rows...) {
		fmt.Printf("| %s | %.0f | %.1f |\n", r.name, r.all, r.entry)
	}
}

// console collects what a guest says and can wait for a line of it.
type console struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.buf.Write(p)
}

func (c *console) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.ReplaceAll(c.buf.String(), "\r", "")
}

// steps boots the machine, steps through one batch from the function start on,
// and returns how many instructions each function executed. own are the
// program's symbols.
func (v *vm) steps(socket, start string, own []symbol) (map[string]int, error) {
	os.Remove(socket)
	v.gdb = socket
	said := new(console)
	if v.echo != nil {
		v.echo = io.MultiWriter(said, v.echo)
	} else {
		v.echo = said
	}
	ctx, end := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { _, err := v.runUntil(ctx); done <- err; close(done) }()
	defer func() { end(); <-done }()
	for begin := time.Now(); !strings.Contains(said.text(), "\nPROFILE ready\n"); {
		select {
		case err := <-done:
			return nil, fmt.Errorf("the machine ended before it could be looked at: %v\n%s", err, tail(said.text(), 20))
		case <-time.After(50 * time.Millisecond):
		}
		if time.Since(begin) > v.limit {
			return nil, fmt.Errorf("the machine never came to the benchmark\n%s", tail(said.text(), 20))
		}
	}
	symbols, err := readSymbols(said.text())
	if err != nil {
		return nil, err
	}
	symbols = append(symbols, own...)
	sortSymbols(symbols)
	return stepThrough(socket, start, symbols)
}

// symbol is a function of the guest's kernel.
type symbol struct {
	addr uint64
	name string
}

var symbolLine = regexp.MustCompile(`(?m)^([0-9a-f]+) [tTwW] (\S+)(?:\t\[(\w+)\])?$`)

// readSymbols finds /proc/kallsyms in what the guest said: SYM lines.
func readSymbols(text string) ([]symbol, error) {
	var b strings.Builder
	for _, m := range regexp.MustCompile(`(?m)^SYM (\S+)$`).FindAllStringSubmatch(text, -1) {
		b.WriteString(m[1])
	}
	z, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(b.String())))
	if err != nil {
		return nil, fmt.Errorf("the guest's symbols: %w", err)
	}
	list, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("the guest's symbols: %w", err)
	}
	var out []symbol
	for _, m := range symbolLine.FindAllStringSubmatch(string(list), -1) {
		addr, err := strconv.ParseUint(m[1], 16, 64)
		if err != nil {
			return nil, err
		}
		name := m[2]
		if m[3] != "" {
			name = m[3] + ":" + name
		}
		out = append(out, symbol{addr, name})
	}
	return out, nil
}

// programSymbols are a program's functions.
func programSymbols(path string) ([]symbol, error) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	list, err := f.Symbols()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var out []symbol
	for _, s := range list {
		if elf.ST_TYPE(s.Info) == elf.STT_FUNC {
			out = append(out, symbol{s.Value, s.Name})
		}
	}
	return out, nil
}

func sortSymbols(s []symbol) {
	slices.SortStableFunc(s, func(a, b symbol) int { return cmp.Compare(a.addr, b.addr) })
}

func named(symbols []symbol, addr uint64) string {
	i, found := slices.BinarySearchFunc(symbols, addr, func(s symbol, a uint64) int { return cmp.Compare(s.addr, a) })
	if !found {
		i--
	}
	if i < 0 {
		return "?"
	}
	return symbols[i].name
}

// stepThrough counts the instructions of one batch by function: from start to
// the next start, or to the return to user space if start is the kernel's.
func stepThrough(socket, start string, symbols []symbol) (map[string]int, error) {
	at := slices.IndexFunc(symbols, func(s symbol) bool { return s.name == start })
	if at < 0 {
		return nil, fmt.Errorf("no %s among %d symbols", start, len(symbols))
	}
	entry := symbols[at].addr
	g, err := dialGDB(socket)
	if err != nil {
		return nil, err
	}
	defer g.conn.Close()
	const sysIoctl = 16
	for range 100 {
		if err := g.runTo(entry); err != nil {
			return nil, err
		}
		ax, err := g.register(regAX)
		if err != nil {
			return nil, err
		}
		if entry>>63 == 0 || ax == sysIoctl {
			return g.count(symbols, entry)
		}
		if _, err := g.step(); err != nil { // off the breakpoint
			return nil, err
		}
	}
	return nil, fmt.Errorf("no ioctl among 100 system calls")
}

func (g *gdb) count(symbols []symbol, entry uint64) (map[string]int, error) {
	counts := map[string]int{}
	pc, n := entry, 0
	var err error
	for err == nil && (n == 0 || pc != entry) && (entry>>63 == 0 || pc>>63 == 1) {
		name := named(symbols, pc)
		if pc>>63 == 0 {
			name = strings.TrimRight(name, "0123456789") // main.getppid8
		}
		counts[name]++
		if n++; n > 100000 {
			return nil, fmt.Errorf("lost after %d instructions", n)
		}
		pc, err = g.step()
	}
	return counts, err
}
