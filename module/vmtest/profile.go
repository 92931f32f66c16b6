// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"compress/gzip"
	"context"
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

// profile says where a batch's instructions go: it steps through requests of
// two sizes, from the kernel's entry point to the return, and prints how many
// each function executed: per entry, and besides.
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
		sizes := [2]int{8, 16}
		var counts [2]map[string]int
		for i, n := range sizes {
			v := h.benchVM(k, initrd, "profile", verbose)
			v.params = append(v.params, fmt.Sprint("batch.size=", n))
			if counts[i], err = v.steps(filepath.Join(h.cache, "gdb")); err != nil {
				return err
			}
		}
		printProfile(k, sizes, counts)
	}
	return nil
}

func printProfile(k *kernel, sizes [2]int, counts [2]map[string]int) {
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
	fmt.Printf("\n%s, instructions in the kernel of a batch of getppid\n\n| function | each request | each entry |\n|---|---|---|\n", k.release)
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

// steps boots the machine, steps through one request, and returns how many
// instructions each function executed.
func (v *vm) steps(socket string) (map[string]int, error) {
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
	for start := time.Now(); !strings.Contains(said.text(), "\nPROFILE ready\n"); {
		select {
		case err := <-done:
			return nil, fmt.Errorf("the machine ended before it could be looked at: %v\n%s", err, tail(said.text(), 20))
		case <-time.After(50 * time.Millisecond):
		}
		if time.Since(start) > v.limit {
			return nil, fmt.Errorf("the machine never came to the benchmark\n%s", tail(said.text(), 20))
		}
	}
	symbols, err := readSymbols(said.text())
	if err != nil {
		return nil, err
	}
	return stepThrough(socket, symbols)
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
	slices.SortStableFunc(out, func(a, b symbol) int {
		if a.addr < b.addr {
			return -1
		} else if a.addr > b.addr {
			return 1
		}
		return 0
	})
	return out, nil
}

func named(symbols []symbol, addr uint64) string {
	i, found := slices.BinarySearchFunc(symbols, addr, func(s symbol, a uint64) int {
		if s.addr < a {
			return -1
		} else if s.addr > a {
			return 1
		}
		return 0
	})
	if !found {
		i--
	}
	if i < 0 {
		return "?"
	}
	return symbols[i].name
}

// stepThrough counts the instructions of one ioctl by function.
func stepThrough(socket string, symbols []symbol) (map[string]int, error) {
	entry := slices.IndexFunc(symbols, func(s symbol) bool { return s.name == "entry_SYSCALL_64" })
	if entry < 0 {
		return nil, fmt.Errorf("the guest's kernel has no entry_SYSCALL_64 among %d symbols", len(symbols))
	}
	g, err := dialGDB(socket)
	if err != nil {
		return nil, err
	}
	defer g.conn.Close()
	const sysIoctl = 16
	for range 100 {
		if err := g.runTo(symbols[entry].addr); err != nil {
			return nil, err
		}
		ax, err := g.register(regAX)
		if err != nil {
			return nil, err
		}
		if ax == sysIoctl {
			return g.count(symbols)
		}
		if _, err := g.step(); err != nil { // off the breakpoint
			return nil, err
		}
	}
	return nil, fmt.Errorf("no ioctl among 100 system calls")
}

func (g *gdb) count(symbols []symbol) (map[string]int, error) {
	counts := map[string]int{}
	pc, err := g.register(regPC)
	for err == nil && pc>>63 == 1 {
		counts[named(symbols, pc)]++
		if len(counts) > 1000 {
			return nil, fmt.Errorf("lost in the kernel")
		}
		pc, err = g.step()
	}
	return counts, err
}
