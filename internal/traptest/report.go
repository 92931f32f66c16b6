// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package traptest

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Status is the verdict on one program.
type Status string

// The verdicts. All but Pass and Missed are failures.
const (
	StatusPass    Status = "PASS"    // nobody could tell the difference
	StatusMissed  Status = "MISSED"  // behaves the same, but should have been batched
	StatusDiff    Status = "DIFF"    // behaves differently
	StatusBuild   Status = "BUILD"   // no longer builds
	StatusVet     Status = "VET"     // go vet complains
	StatusFormat  Status = "FORMAT"  // no longer gofmt-clean
	StatusComment Status = "COMMENT" // comments, headers or files that must stay did not
	StatusAgain   Status = "AGAIN"   // a second run of the rewriter changed more
	StatusFlaky   Status = "FLAKY"   // two runs of the original differ: the program is no good as a trap
)

// Result is the verdict on one program and its reasons.
type Result struct {
	Program Program
	Status  Status
	Changed bool   // the rewriter changed some file
	Batched bool   // and a changed file imports the run-time library
	Runs    int    // undisturbed runs that were compared
	Faults  int    // runs with a fault that were compared
	Unhit   int    // faults that missed their call or left the original hanging, and so say nothing
	Detail  string // diffs and messages
	Source  string // unified diff of the program's files
}

// fail notes a reason; the first one names the status.
func (r *Result) fail(s Status, detail string) {
	if r.Status == "" {
		r.Status = s
	}
	r.Detail += fmt.Sprintf("%s: %s\n", s, strings.TrimRight(detail, "\n"))
}

// Failed says whether the verdict is a failure.
func (r *Result) Failed() bool { return r.Status != StatusPass && r.Status != StatusMissed }

// Report is the outcome of one job.
type Report struct {
	Results []Result
	Tool    string // what went wrong with the rewriter as a whole; "" is fine
	Output  string // what the rewriter printed
	Took    time.Duration
}

// Failed says whether anything failed. A missed program is no failure.
func (r *Report) Failed() bool {
	for i := range r.Results {
		if r.Results[i].Failed() {
			return true
		}
	}
	return r.Tool != ""
}

// With lists the results with the given status.
func (r *Report) With(s Status) []Result {
	var out []Result
	for _, x := range r.Results {
		if x.Status == s {
			out = append(out, x)
		}
	}
	return out
}

// Summary counts in one line.
func (r *Report) Summary() string {
	var changed, batched, wanted, got, kept, runs, faults, unhit int
	n := map[Status]int{}
	for _, x := range r.Results {
		n[x.Status]++
		runs, faults, unhit = runs+x.Runs, faults+x.Faults, unhit+x.Unhit
		if x.Changed {
			changed++
		}
		if x.Batched {
			batched++
		}
		switch x.Program.Want {
		case "batch":
			wanted++
			if x.Batched {
				got++
			}
		case "keep":
			if x.Batched {
				kept++
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d programs:", len(r.Results))
	for _, s := range []Status{StatusPass, StatusMissed, StatusDiff, StatusBuild, StatusVet, StatusFormat, StatusComment, StatusAgain, StatusFlaky} {
		if n[s] > 0 || s == StatusPass || s == StatusMissed || s == StatusDiff {
			fmt.Fprintf(&b, " %s=%d", s, n[s])
		}
	}
	fmt.Fprintf(&b, "; changed %d, batched %d (of those that should %d/%d, of those that should not %d); %d runs compared, %d with faults (%d not hit); %.1f s",
		changed, batched, got, wanted, kept, runs, faults, unhit, r.Took.Seconds())
	return b.String()
}

// Write prints one line per program that is not a plain pass, with its
// reasons, and the summary; with all set, every program and every source diff.
func (r *Report) Write(w io.Writer, all bool) {
	if r.Tool != "" {
		fmt.Fprintf(w, "TOOL %s\n", r.Tool)
	}
	for _, x := range r.Results {
		if !all && x.Status == StatusPass {
			continue
		}
		how := "unchanged"
		if x.Batched {
			how = "batched"
		} else if x.Changed {
			how = "changed"
		}
		fmt.Fprintf(w, "%-7s %-28s want=%-5s %s (%s)\n", x.Status, x.Program.Name, x.Program.Want, how, x.Program.Why)
		if x.Detail != "" {
			fmt.Fprintf(w, "\t%s\n", strings.ReplaceAll(strings.TrimRight(x.Detail, "\n"), "\n", "\n\t"))
		}
		if x.Source != "" && (all || x.Failed()) {
			fmt.Fprintf(w, "\t%s\n", strings.ReplaceAll(strings.TrimRight(x.Source, "\n"), "\n", "\n\t"))
		}
	}
	fmt.Fprintln(w, r.Summary())
}
