// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package traptest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"time"
)

// Options say which programs a [Suite] holds.
type Options struct {
	Module   string         // folder of the programs' module
	Work     string         // scratch folder, kept; "" means a temporary one, removed by Close
	Select   *regexp.Regexp // names of programs; nil means all
	Parallel int            // programs at a time; 0 means 2
	Timeout  time.Duration  // per run of a program; 0 means 10 s
}

// Suite holds built original programs.
type Suite struct {
	opt      Options
	programs []Program
	work     string
	tmp      bool
	sources  map[string]map[string]string // program -> file -> text
	jobs     int                          // copies made so far

	mu    sync.Mutex
	bases map[string]*Outcome // program -> first run of the original
}

// Open builds the original programs. The error is [ErrNoStrace] where strace
// is missing.
func Open(ctx context.Context, opt Options) (*Suite, error) {
	if _, err := exec.LookPath("strace"); err != nil {
		return nil, ErrNoStrace
	}
	if opt.Parallel <= 0 {
		opt.Parallel = 2
	}
	if opt.Timeout <= 0 {
		opt.Timeout = 10 * time.Second
	}
	all, err := Programs(opt.Module)
	if err != nil {
		return nil, err
	}
	s := &Suite{opt: opt, work: opt.Work, sources: map[string]map[string]string{}, bases: map[string]*Outcome{}}
	for _, p := range all {
		if opt.Select != nil && !opt.Select.MatchString(p.Name) {
			continue
		}
		if s.sources[p.Name], err = files(filepath.Join(opt.Module, p.Name)); err != nil {
			return nil, err
		}
		s.programs = append(s.programs, p)
	}
	if len(s.programs) == 0 {
		return nil, fmt.Errorf("no program in %s matches %q", opt.Module, opt.Select)
	}
	if s.work == "" {
		if s.work, err = os.MkdirTemp("", "traptest-"); err != nil {
			return nil, err
		}
		s.tmp = true
	} else if s.work, err = filepath.Abs(s.work); err != nil {
		return nil, err
	}
	failed, err := build(ctx, opt.Module, s.bin("original"), s.names())
	if err != nil {
		return nil, err
	}
	for _, p := range s.programs {
		if msg, bad := failed[p.Name]; bad {
			return nil, fmt.Errorf("the original of %s does not build:\n%s", p.Name, msg)
		}
	}
	return s, nil
}

// Close removes the scratch folder, unless the caller named it.
func (s *Suite) Close() error {
	if s.tmp {
		return os.RemoveAll(s.work)
	}
	return nil
}

// Programs lists the programs of the suite.
func (s *Suite) Programs() []Program { return s.programs }

func (s *Suite) bin(of string) string { return filepath.Join(s.work, of, "bin") }

func (s *Suite) names() []string {
	var out []string
	for _, p := range s.programs {
		out = append(out, p.Name)
	}
	return out
}

// Rewriter is a command that edits the module in its working directory.
type Rewriter struct {
	Args []string // command line, such as batchfix -batchrt DIR -w ./...; none = a rewriter that does nothing
	Env  []string // additions to the environment
}

// Job is one run of a suite.
type Job struct {
	Rewriter Rewriter
	// Select narrows the suite's programs down for this job; nil means all of them.
	Select *regexp.Regexp
	// RunAll runs also those programs which the rewriter left as they were.
	RunAll bool
	// Rounds is how often the rewritten program runs, each time compared; 0 means 1.
	Rounds int
	// Faults makes calls fail in further runs; nil means none.
	Faults *FaultPlan
	// Again runs the rewriter a second time and demands that it changes nothing.
	Again bool
}

// Run lets the rewriter loose on a copy of the module and judges every
// program. The error is about the harness or the rewriter failing as a whole;
// what is wrong with single programs is in the report.
func (s *Suite) Run(ctx context.Context, job Job) (*Report, error) {
	start := time.Now()
	s.jobs++
	of := fmt.Sprint("job", s.jobs)
	module := filepath.Join(s.work, of, "module")
	rep := &Report{}
	verdicts := map[string]*Result{}
	var programs []Program
	for _, p := range s.programs {
		if job.Select == nil || job.Select.MatchString(p.Name) {
			programs = append(programs, p)
			verdicts[p.Name] = &Result{Program: p}
		}
	}
	if err := CopyModule(module, s.opt.Module, func(name string) bool { return verdicts[name] != nil }); err != nil {
		return nil, err
	}
	if err := s.rewrite(ctx, job, module, rep, verdicts); err != nil {
		return nil, err
	}

	var changed []string
	for _, p := range programs {
		r := verdicts[p.Name]
		after, err := files(filepath.Join(module, p.Name))
		if err != nil {
			return nil, err
		}
		before := s.sources[p.Name]
		if sameFiles(before, after) {
			continue
		}
		changed = append(changed, p.Name)
		r.Changed, r.Batched, r.Source = true, importsRuntime(before, after), sourceDiff(before, after)
		format, comment := sourceFaults(before, after)
		for _, m := range format {
			r.fail(StatusFormat, m)
		}
		for _, m := range comment {
			r.fail(StatusComment, m)
		}
	}
	failed, err := build(ctx, module, s.bin(of), changed)
	if err != nil {
		return nil, err
	}
	for n, msg := range failed {
		verdicts[n].fail(StatusBuild, msg)
	}
	var builds []string
	for _, n := range changed {
		if _, bad := failed[n]; !bad {
			builds = append(builds, n)
		}
	}
	for n, msg := range vet(ctx, module, builds) {
		if r := verdicts[n]; r != nil {
			r.fail(StatusVet, msg)
		} else {
			rep.Tool += "go vet: " + msg
		}
	}

	if err := s.each(programs, func(p Program) error {
		r := verdicts[p.Name]
		if _, bad := failed[p.Name]; bad || !r.Changed && !job.RunAll {
			return nil
		}
		return s.judge(ctx, job, of, r)
	}); err != nil {
		return nil, err
	}
	for _, p := range programs {
		r := verdicts[p.Name]
		if r.Status == "" {
			r.Status = StatusPass
			if p.Want == "batch" && !r.Batched && len(job.Rewriter.Args) > 0 {
				r.Status = StatusMissed
			}
		}
		rep.Results = append(rep.Results, *r)
	}
	rep.Took = time.Since(start)
	return rep, nil
}

// rewrite runs the rewriter, and once more when the job says so.
func (s *Suite) rewrite(ctx context.Context, job Job, module string, rep *Report, verdicts map[string]*Result) error {
	if len(job.Rewriter.Args) == 0 {
		return nil
	}
	out, err := command(ctx, module, job.Rewriter.Env, job.Rewriter.Args...)
	rep.Output = out
	if err != nil {
		rep.Tool = fmt.Sprintf("the rewriter failed (%v): %s", err, out)
	}
	if !job.Again {
		return nil
	}
	once := map[string]map[string]string{}
	for n := range verdicts {
		if once[n], err = files(filepath.Join(module, n)); err != nil {
			return err
		}
	}
	if out, err := command(ctx, module, job.Rewriter.Env, job.Rewriter.Args...); err != nil {
		rep.Tool += fmt.Sprintf("the rewriter failed on its own output (%v): %s", err, out)
	}
	for n, r := range verdicts {
		twice, err := files(filepath.Join(module, n))
		if err != nil {
			return err
		}
		if !sameFiles(once[n], twice) {
			r.fail(StatusAgain, "a second run of the rewriter changed it again:\n"+sourceDiff(once[n], twice))
		}
	}
	return nil
}

// each calls f for every program, a few at a time, and returns the first error.
func (s *Suite) each(programs []Program, f func(Program) error) error {
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		fail error
		todo = make(chan Program)
	)
	for range s.opt.Parallel {
		wg.Go(func() {
			for p := range todo {
				if err := f(p); err != nil {
					mu.Lock()
					if fail == nil {
						fail = fmt.Errorf("%s: %w", p.Name, err)
					}
					mu.Unlock()
				}
			}
		})
	}
	for _, p := range programs {
		todo <- p
	}
	close(todo)
	wg.Wait()
	return fail
}
