// SPDX-License-Identifier: BSD-3-Clause

// Command batchbench compares batches with the plain calls they stand for, on
// this machine, building the batch included. It prints one table, says which
// goals are met, and draws what a call costs against the number of calls in a
// batch, for each executor that there is.
//
//	batchbench [-pairs n] [-run text] [-svg directory]
//
// The goals are for the emulator, and the table is of it. Executors that are
// chosen when a program is built or started are measured in child processes.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	var o options
	flag.IntVar(&o.Pairs, "pairs", 1000, "`number` of pairs of slices per row")
	flag.StringVar(&o.Run, "run", "", "rows whose name contains `text`, and no series")
	svg := flag.String("svg", ".", "`directory` to draw in; empty: draw nothing")
	child := flag.Bool("child", false, "measure in this process and write the figures (used by the parent)")
	series := flag.Bool("series", false, "with -child: the series, not the table")
	flag.Parse()
	var err error
	if *child {
		err = measure(o, *series)
	} else {
		err = parent(o, *svg)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "batchbench:", err)
		os.Exit(1)
	}
}

// options are what a child is told.
type options struct {
	Pairs int
	Run   string
}

func parent(o options, svg string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	table, err := run(self, o, false, "BATCH_EMUL=1")
	if err != nil {
		return err
	}
	table.print(o.Pairs)
	if o.Run != "" || svg == "" {
		return nil
	}
	dir, err := os.MkdirTemp("", "batchbench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	portable := filepath.Join(dir, "portable")
	cmd := exec.Command("go", "build", "-tags=batchrt_nolinkname", "-o", portable, ".")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "batchbench: the portable variant is left out: it is built in batchbench's own directory: %v\n%s", err, out)
		portable = ""
	}
	var all []figures
	for _, c := range []struct{ binary, env string }{{self, "BATCH_EMUL=1"}, {self, "BATCH_EMUL=0"}, {portable, "BATCH_EMUL=1"}} {
		if c.binary == "" {
			continue
		}
		f, err := run(c.binary, o, true, c.env)
		if err != nil {
			return err
		}
		if c.env == "BATCH_EMUL=0" && f.Executor != "module" {
			continue // there is none
		}
		all = append(all, f)
	}
	printSeries(all)
	return draw(all, svg)
}

// run has a child measure.
func run(binary string, o options, series bool, env string) (f figures, err error) {
	cmd := exec.Command(binary, "-child", fmt.Sprintf("-series=%v", series), fmt.Sprintf("-pairs=%d", o.Pairs), "-run="+o.Run)
	cmd.Env = append(os.Environ(), env)
	cmd.Stderr = os.Stderr
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		return f, fmt.Errorf("measuring: %v", err)
	}
	return f, json.Unmarshal(out.Bytes(), &f)
}
