// SPDX-License-Identifier: BSD-3-Clause

// Loops compares shapes in which a strip-mined loop can be written, and numbers
// of lanes, for loops of few and of many iterations; and what searches win that
// end early. It prints the tables of docs/measured-loops.md.
//
//	loops [-pairs n] [-run text]
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/autobatch/autobatch/batchrt"
	"github.com/autobatch/autobatch/cmd/batchbench/pairs"
)

//go:generate go run ./gen

func main() {
	n := flag.Int("pairs", 1000, "`number` of pairs of slices for each figure")
	only := flag.String("run", "", "only tables whose name contains `text`")
	flag.Parse()
	if err := run(*n, *only); err != nil {
		fmt.Fprintln(os.Stderr, "loops:", err)
		os.Exit(1)
	}
}

// table has a line for each number of iterations, or for whatever else its
// functions are given, and a column for each form of the loop.
type table struct {
	name    string
	line    string // what the lines differ in
	args    []int
	columns []string
	forms   []func(arg int) // the original first
}

func run(n int, only string) error {
	dir, err := os.MkdirTemp("", "loops")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tables, err := prepare(dir)
	if err != nil {
		return err
	}
	fmt.Printf("executor %s, %d pairs of 1 ms slices for each figure\n", batchrt.Executor(), n)
	for _, t := range tables {
		if strings.Contains(t.name, only) {
			t.print(n)
		}
	}
	return nil
}

// print measures and writes a table in Markdown: ratios to the original, and
// behind them the difference in nanoseconds for a whole loop.
func (t *table) print(n int) {
	fmt.Printf("\n### %s\n\n| %s | original, ns |", t.name, t.line)
	for _, c := range t.columns {
		fmt.Printf(" %s |", c)
	}
	fmt.Printf("\n|---:|---:|%s\n", strings.Repeat("---:|", len(t.columns)))
	for _, arg := range t.args {
		for i, f := range t.forms[1:] {
			r := compare(func() { t.forms[0](arg) }, func() { f(arg) }, n)
			if i == 0 {
				fmt.Printf("| %d | %.0f |", arg, r.NS)
			}
			mark := ""
			if r.Void() {
				mark = "?" // the original differs from itself
			}
			if arg == 0 { // a ratio of next to nothing says nothing
				fmt.Printf(" %+.0f%s |", (r.Ratio-1)*r.NS, mark)
			} else {
				fmt.Printf(" %.2f%s (%+.0f) |", r.Ratio, mark, (r.Ratio-1)*r.NS)
			}
		}
		fmt.Println()
	}
}

// compare measures again when the machine was too restless.
func compare(original, changed func(), n int) (r pairs.Result) {
	for range 3 {
		if r = pairs.Compare(original, changed, pairs.Options{Pairs: n}); !r.Void() {
			break
		}
	}
	return r
}

const most = 64 // iterations

// prepare makes files in a folder and tables of functions that work on them.
func prepare(dir string) ([]table, error) {
	paths, open, closed := make([]string, most), make([]int, most), make([]int, most)
	for i := range paths {
		paths[i] = filepath.Join(dir, fmt.Sprintf("file%02d", i))
		if err := os.WriteFile(paths[i], make([]byte, i), 0o600); err != nil {
			return nil, err
		}
		fd, err := unix.Open(paths[i], unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			return nil, err
		}
		open[i], closed[i] = fd, 900+i
	}
	trips := []int{0, 1, 2, 4, 8, 16, 64}
	lines := "iterations"
	shapes := []string{"lookahead 16", "strip 16", "iterator 16", "lookahead 8", "lookahead 32"}
	sized := append(shapes[:len(shapes):len(shapes)], "lookahead 16, no copies")
	tables := []table{
		{"close of a descriptor that is not open", lines, trips, shapes, ints(closed, 0,
			originalClose, lookaheadClose16, stripClose16, iteratorClose16, lookaheadClose8, lookaheadClose32)},
		{"fstat", lines, trips, sized, sums(open, total,
			originalFstat, lookaheadFstat16, stripFstat16, iteratorFstat16, lookaheadFstat8, lookaheadFstat32, pointerFstat16)},
		{"lstat", lines, trips, sized, sums(paths, total,
			originalLstat, lookaheadLstat16, stripLstat16, iteratorLstat16, lookaheadLstat8, lookaheadLstat32, pointerLstat16)},
		{"open, fchmod, close", lines, trips, shapes, ints(paths, 1,
			originalChain, lookaheadChain16, stripChain16, iteratorChain16, lookaheadChain8, lookaheadChain32)},
	}
	search, err := searches(dir)
	if err != nil {
		return nil, err
	}
	return append(tables, search, listens()), nil
}

// total is what files 0 to n-1 take.
func total(n int) int64 { return int64(n * (n - 1) / 2) }

// ints makes forms of functions that count; each iteration must add so much.
func ints[T any](list []T, each int, functions ...func([]T) int) (forms []func(int)) {
	for _, f := range functions {
		forms = append(forms, func(n int) {
			if got := f(list[:n]); got != n*each {
				panic(fmt.Sprintf("%d, want %d", got, n*each))
			}
		})
	}
	return forms
}

// sums makes forms of functions that add up.
func sums[T any](list []T, want func(n int) int64, functions ...func([]T) (int64, error)) (forms []func(int)) {
	for _, f := range functions {
		forms = append(forms, func(n int) {
			if got, err := f(list[:n]); err != nil || got != want(n) {
				panic(fmt.Sprintf("%d, want %d: %v", got, want(n), err))
			}
		})
	}
	return forms
}

// searches makes a table of searches that end at one of 24 folders.
func searches(dir string) (table, error) {
	t := table{name: "search for a file that opens in 24 folders", line: "found in folder", args: []int{1, 2, 3, 4, 6, 8, 12, 16, 24},
		columns: []string{"lookahead 16", "lookahead 4", "from 2 to 16", "from 1 to 16"}}
	var folders []string
	names := map[int]string{}
	for i := range 24 {
		folder := filepath.Join(dir, fmt.Sprint("lib", i))
		if err := os.Mkdir(folder, 0o700); err != nil {
			return t, err
		}
		folders = append(folders, folder)
		names[i+1] = fmt.Sprintf("lib%d.so", i)
		if err := os.WriteFile(filepath.Join(folder, names[i+1]), nil, 0o600); err != nil {
			return t, err
		}
	}
	list := strings.Join(folders, ":")
	for _, f := range []func(list, name string) (string, int){originalSearch, lookaheadSearch, shortSearch, growing2Search, growing1Search} {
		t.forms = append(t.forms, func(n int) {
			path, fd := f(list, names[n])
			if want := filepath.Join(folders[n-1], names[n]); path != want {
				panic(path + ", want " + want)
			}
			unix.Close(fd)
		})
	}
	return t, nil
}

// listens makes a table of one line: what a socket would win whose making and
// binding could be entries.
func listens() table {
	t := table{name: "socket, 3 options, bind, close", line: "sockets", args: []int{1}, columns: []string{"options in a batch", "socket and options", "socket to bind"}}
	sa := &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}
	for _, f := range []func(*unix.SockaddrInet4) (int, error){originalListen, optionsListen, partListen, wholeListen} {
		t.forms = append(t.forms, func(int) {
			fd, err := f(sa)
			if err != nil {
				panic(err)
			}
			unix.Close(fd)
		})
	}
	return t
}
