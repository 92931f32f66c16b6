// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package traptest

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

// judge runs original and rewritten program and notes what differs.
func (s *Suite) judge(ctx context.Context, job Job, of string, r *Result) error {
	name := r.Program.Name
	pair := binaries{
		original:  filepath.Join(s.bin("original"), name),
		rewritten: filepath.Join(s.bin("original"), name),
		dir:       filepath.Join(s.work, "run", name),
	}
	if r.Changed {
		pair.rewritten = filepath.Join(s.bin(of), name)
	}
	base, err := s.base(ctx, name, pair)
	if err != nil {
		return err
	}
	if len(base.Lanes) == 0 {
		return fmt.Errorf("the original sets no begin marker (exit %s, stderr %q): call trap.Begin", base.Exit, base.Stderr)
	}
	if base.Exit == "timeout" {
		return fmt.Errorf("the original does not end within %v", s.opt.Timeout)
	}
	var other *Outcome
	for range max(job.Rounds, 1) {
		if other, err = run(ctx, pair.rewritten, pair.dir, s.opt.Timeout, nil); err != nil {
			return err
		}
		r.Runs++
		d := Compare(base, other)
		if d == "" {
			continue
		}
		// Only a difference that the original does not have with itself counts.
		again, err := run(ctx, pair.original, pair.dir, s.opt.Timeout, nil)
		if err != nil {
			return err
		}
		if self := Compare(base, again); self != "" {
			r.fail(StatusFlaky, "two runs of the original differ:\n"+self)
		} else {
			r.fail(StatusDiff, d)
		}
		return nil
	}
	if job.Faults == nil || r.Program.NoFaults {
		return nil
	}
	for _, f := range job.Faults.faults(name, base) {
		if err := s.judgeFault(ctx, r, pair, f, base, other); err != nil {
			return err
		}
	}
	return nil
}

type binaries struct{ original, rewritten, dir string }

// base returns the first run of an original, which every job compares with.
func (s *Suite) base(ctx context.Context, name string, pair binaries) (*Outcome, error) {
	s.mu.Lock()
	o := s.bases[name]
	s.mu.Unlock()
	if o != nil {
		return o, nil
	}
	o, err := run(ctx, pair.original, pair.dir, s.opt.Timeout, nil)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.bases[name] = o
	s.mu.Unlock()
	return o, nil
}

// judgeFault repeats both runs with one call failing. base and other are the
// undisturbed runs, by which the call is found.
func (s *Suite) judgeFault(ctx context.Context, r *Result, pair binaries, f Fault, base, other *Outcome) error {
	x, err := s.faulty(ctx, pair.original, pair.dir, f, base, min(faultLimit, s.opt.Timeout))
	if err != nil {
		return err
	}
	if !f.hit(x) || x.Exit == "timeout" {
		// Another thread made as many calls of that name, or the fault leaves
		// the program waiting for ever: nothing to be learnt.
		r.Unhit++
		return nil
	}
	y, err := s.faulty(ctx, pair.rewritten, pair.dir, f, other, s.opt.Timeout)
	if err != nil {
		return err
	}
	r.Faults++
	d := Compare(x, y)
	if d == "" {
		return nil
	}
	again, err := s.faulty(ctx, pair.original, pair.dir, f, base, s.opt.Timeout)
	if err != nil {
		return err
	}
	if self := Compare(x, again); self != "" {
		r.fail(StatusFlaky, fmt.Sprintf("with fault %v two runs of the original differ:\n%s", f, self))
		return nil
	}
	r.fail(StatusDiff, fmt.Sprintf("with fault %v:\n%s", f, d))
	return nil
}

// faultLimit ends originals that a fault leaves without anybody to wake them.
const faultLimit = 2 * time.Second

func (s *Suite) faulty(ctx context.Context, binary, dir string, f Fault, base *Outcome, limit time.Duration) (*Outcome, error) {
	inj, err := f.inject(base)
	if err != nil {
		return nil, err
	}
	return run(ctx, binary, dir, limit, inj)
}
