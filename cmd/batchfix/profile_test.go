// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"os"
	"strconv"
	"strings"

	"github.com/google/pprof/profile"
	"github.com/rogpeppe/go-internal/testscript"
)

// cmdProfile writes a CPU profile: profile cpu.pprof main.go:8=10 main.go:13=90.
// The paths in it are those of another machine.
func cmdProfile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: profile file path:line=samples...")
	}
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}}}
	main := &profile.Function{ID: 1, Name: "main.main", Filename: "/elsewhere/m/work/main.go"}
	p.Function = append(p.Function, main)
	for i, a := range args[1:] {
		at, n, _ := strings.Cut(a, "=")
		file, line, _ := strings.Cut(at, ":")
		l, err := strconv.Atoi(line)
		ts.Check(err)
		samples, err := strconv.ParseInt(n, 10, 64)
		ts.Check(err)
		fn := &profile.Function{ID: uint64(i + 2), Name: "main.f", Filename: ts.MkAbs(file)}
		loc := &profile.Location{ID: uint64(i + 1), Line: []profile.Line{{Function: fn, Line: int64(l)}, {Function: main, Line: 1}}}
		p.Function, p.Location = append(p.Function, fn), append(p.Location, loc)
		p.Sample = append(p.Sample, &profile.Sample{Location: []*profile.Location{loc}, Value: []int64{samples, samples * 1e7}})
	}
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(p.Write(f))
	ts.Check(f.Close())
}
