// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package traptest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

var (
	rewriterFlag = flag.String("rewriter", "", "command line of the rewriter, run in the root of a copy of the programs' module (default: this repository's batchfix)")
	selectFlag   = flag.String("traps", "", "regular expression: run only these programs")
	roundsFlag   = flag.Int("rounds", 1, "how often the identity test runs everything")
	faultsFlag   = flag.Int("faults", 2, "faults per program, evenly spread; 0 means every call")
)

const repo = "../.."

func TestMain(m *testing.M) {
	if crime, ok := os.LookupEnv(fakeVar); ok {
		if err := fake(crime); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	flag.Parse()
	code := m.Run()
	if shared.suite != nil {
		shared.suite.Close()
	}
	os.Exit(code)
}

// shared is the suite of all programs, built once for all tests.
var shared struct {
	once  sync.Once
	suite *Suite
	err   error
}

func suite(t *testing.T) *Suite {
	t.Helper()
	shared.once.Do(func() {
		opt := Options{Module: filepath.Join(repo, "testdata", "traps")}
		if *selectFlag != "" {
			opt.Select = regexp.MustCompile(*selectFlag)
		}
		shared.suite, shared.err = Open(context.Background(), opt)
	})
	if errors.Is(shared.err, ErrNoStrace) {
		t.Skip(shared.err)
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.suite
}

// run runs a job and logs its report.
func runJob(t *testing.T, s *Suite, job Job) *Report {
	t.Helper()
	rep, err := s.Run(context.Background(), job)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	rep.Write(&b, false)
	t.Log("\n" + b.String())
	return rep
}

func fakeRewriter(t *testing.T, crime string) Rewriter {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Rewriter{Args: []string{exe}, Env: []string{fakeVar + "=" + crime}}
}

// TestIdentity proves that the harness is steady: a rewriter that changes
// nothing leads to no difference, with and without faults.
func TestIdentity(t *testing.T) {
	s := suite(t)
	rep := runJob(t, s, Job{Rewriter: Rewriter{}, RunAll: true, Rounds: *roundsFlag, Faults: &FaultPlan{Max: *faultsFlag}})
	if rep.Failed() {
		t.Error("the harness sees differences where there are none")
	}
	faults, unhit := 0, 0
	for _, r := range rep.Results {
		if r.Runs != *roundsFlag {
			t.Errorf("%s: %d runs compared, want %d", r.Program.Name, r.Runs, *roundsFlag)
		}
		faults, unhit = faults+r.Faults, unhit+r.Unhit
	}
	if *selectFlag == "" && unhit*10 > faults {
		t.Errorf("%d of %d faults did not hit their call", unhit, faults+unhit)
	}
}

// TestRewriter judges the real rewriter.
func TestRewriter(t *testing.T) {
	s := suite(t)
	args := strings.Fields(*rewriterFlag)
	if len(args) == 0 {
		args = batchfix(t)
	}
	rep := runJob(t, s, Job{Rewriter: Rewriter{Args: args}, Faults: &FaultPlan{Max: *faultsFlag}, Again: true})
	if rep.Failed() {
		t.Errorf("%v changes what programs do; the diffs are above", args)
	}
}

// batchfix builds this repository's rewriter.
func batchfix(t *testing.T) []string {
	t.Helper()
	if m, _ := filepath.Glob(filepath.Join(repo, "cmd", "batchfix", "*.go")); len(m) == 0 {
		t.Skip("cmd/batchfix is not there: name a rewriter with -rewriter")
	}
	exe := filepath.Join(t.TempDir(), "batchfix")
	cmd := exec.Command("go", "build", "-o", exe, "./cmd/batchfix")
	cmd.Dir = repo
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("batchfix does not build: %v\n%s", err, out)
	}
	runtime, err := filepath.Abs(filepath.Join(repo, "batchrt"))
	if err != nil {
		t.Fatal(err)
	}
	return []string{exe, "-w", "-batchrt", runtime, "./..."}
}

// TestCatches lets rewriters that do harm loose on the programs. Each crime
// must be reported, as what it is, in every program in which it was committed.
func TestCatches(t *testing.T) {
	crimes := []struct {
		crime    string
		status   Status
		programs string // where the crime can be seen
		least    int    // how many of them offer it
	}{
		{"swap", StatusDiff, "^(alias_(a|i|p|s)|state_[duf]|path_(empty|many)|check_none)", 10},
		{"drop", StatusDiff, "^(alias_(cl|d|f|g|i)|state_[duf]|path_(empty|conc)|check_late)", 8},
		{"twice", StatusDiff, "^(alias_(a|i|p|r)|state_[duf]|path_(empty|many)|int_|check_none)", 10},
		{"argument", StatusDiff, "^(alias_(f|g|i|m|o)|state_[uf]|path_(many|conc)|int_|check_none)", 10},
		{"stdout", StatusDiff, "^check_[a-e]", 5},
		{"stderr", StatusDiff, "^check_[a-e]", 5},
		{"exit", StatusDiff, "^check_[l-p]", 3},
		{"build", StatusBuild, "^check_e", 3},
		{"vet", StatusVet, "^check_err", 2},
		{"format", StatusFormat, "^check_err", 2},
		{"comment", StatusComment, "^check_e", 3},
		{"keep", StatusComment, "^form_comments$", 1},
	}
	if *selectFlag != "" {
		t.Skip("-traps may leave out the programs of this test")
	}
	for _, c := range crimes {
		t.Run(c.crime, func(t *testing.T) {
			rep, err := suite(t).Run(context.Background(), Job{
				Rewriter: fakeRewriter(t, c.crime),
				Select:   regexp.MustCompile(c.programs),
			})
			if err != nil {
				t.Fatal(err)
			}
			changed := 0
			for _, r := range rep.Results {
				if !r.Changed {
					continue
				}
				changed++
				if r.Status != c.status {
					t.Errorf("%s: %s, want %s\n%s%s", r.Program.Name, r.Status, c.status, r.Detail, r.Source)
				}
			}
			if changed < c.least {
				t.Errorf("only %d programs offer this, want %d at least", changed, c.least)
			}
			t.Log(rep.Summary())
		})
	}
}

// TestLeavesAlone: a rewriter that runs and changes nothing fails nowhere, but
// misses what should have been batched.
func TestLeavesAlone(t *testing.T) {
	rep := runJob(t, suite(t), Job{Rewriter: fakeRewriter(t, "nothing"), Select: regexp.MustCompile("^check_"), Again: true})
	for _, r := range rep.Results {
		if missed := r.Program.Want == "batch"; r.Changed || r.Failed() || missed != (r.Status == StatusMissed) {
			t.Errorf("%s (want %s): %s %s", r.Program.Name, r.Program.Want, r.Status, r.Detail)
		}
	}
	if rep.Tool != "" {
		t.Error(rep.Tool)
	}
	rep = runJob(t, suite(t), Job{Rewriter: Rewriter{Args: []string{"false"}}, Select: regexp.MustCompile("^check_e")})
	if !rep.Failed() || rep.Tool == "" {
		t.Error("a rewriter that fails is not reported")
	}
}

// TestPrograms looks at the programs as they are: enough of them, building,
// vetted, formatted.
func TestPrograms(t *testing.T) {
	module := filepath.Join(repo, "testdata", "traps")
	programs, err := Programs(module)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	var names []string
	for _, p := range programs {
		want[p.Want]++
		names = append(names, p.Name)
		fs, err := files(filepath.Join(module, p.Name))
		if err != nil {
			t.Fatal(err)
		}
		for n, src := range fs {
			if !strings.HasPrefix(src, "// SPDX-License-Identifier: BSD-3-Clause\n") {
				t.Errorf("%s/%s: no licence line", p.Name, n)
			}
			if !gofmtClean(src) {
				t.Errorf("%s/%s: run gofmt -w", p.Name, n)
			}
		}
		if !strings.Contains(fs["main.go"], "trap.Begin()") {
			t.Errorf("%s: no trap.Begin()", p.Name)
		}
	}
	if len(programs) < 60 || want["batch"] < 20 || want["keep"] < 20 {
		t.Errorf("%d programs (%v), want 60 at least, 20 to batch, 20 to keep", len(programs), want)
	}
	for n, msg := range vet(context.Background(), module, names) {
		t.Errorf("%s: %s", n, msg)
	}
	t.Logf("%d programs: %v", len(programs), want)
}
