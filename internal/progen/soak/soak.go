// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/autobatch/autobatch/internal/progen/rt"
	"github.com/autobatch/autobatch/internal/traptest"
)

// Options say what a soak does.
type Options struct {
	Root     string // of the repository
	Seed     uint64 // of the first program
	N        int    // programs
	Faults   int    // per rewritten program
	Pack     int    // programs in one binary; 0 means 100
	Jobs     int    // processes at a time; 0 means 2
	Limit    time.Duration
	Work     string // scratch folder, kept; "" means a temporary one
	Rewriter Rewriter
	// UserCache keeps what is compiled in the user's build cache, which is good
	// for few programs run often; else there is a cache that ends with the soak.
	UserCache bool
	// Minimise is how many failures are made smaller; it takes some minutes each.
	Minimise int
	// MinimiseLimit is how long each of them is worked on; 0 means 4 minutes.
	MinimiseLimit time.Duration
	Failures      string    // folder for reports about failures; "" means none is written
	Out           io.Writer // progress; nil means none
}

// Totals are the figures of a soak.
type Totals struct {
	Seed      uint64   // of the first program
	Next      uint64   // first seed that was not run
	Programs  int      // generated, rewritten, compared
	Rewritten int      // of these changed by the rewriter
	Batches   int      // in them
	Refused   []string // what the validator said about batches that the planner made and it took back
	Faults    int      // calls made to fail in originals; the rewritten ones fared the same
	Calls     int      // system calls of undisturbed originals, all compared
	Failed    int      // of these failed
	Kinds     map[string]int
	Flaky     int // comparisons that said nothing
	Failures  []*Failure
	Took      time.Duration
}

// soak is the state of a run.
type soak struct {
	opt    Options
	lab    *lab
	slots  chan *slot
	mu     sync.Mutex
	totals Totals
}

// Run generates, rewrites and compares programs. The error is
// [traptest.ErrNoStrace] where strace is missing; else it is about the
// machinery, not about the rewriter.
func Run(ctx context.Context, opt Options) (*Totals, error) {
	start := time.Now()
	s, clean, err := open(ctx, opt)
	if err != nil {
		return nil, err
	}
	defer clean()
	if s.opt.Limit > 0 {
		s.opt.Limit -= time.Since(start)
	}
	s.totals.Seed, s.totals.Next = opt.Seed, opt.Seed
	if err := s.packs(ctx, start); err != nil {
		return nil, err
	}
	sortFailures(s.totals.Failures)
	if err := s.report(ctx); err != nil {
		return nil, err
	}
	s.totals.Took = time.Since(start)
	return &s.totals, nil
}

// open prepares the lab and its slots.
func open(ctx context.Context, opt Options) (*soak, func(), error) {
	if err := traptest.HaveStrace(); err != nil {
		return nil, nil, err
	}
	if opt.Pack <= 0 {
		opt.Pack = 100
	}
	if opt.Jobs <= 0 {
		opt.Jobs = 2
	}
	if opt.MinimiseLimit <= 0 {
		opt.MinimiseLimit = 4 * time.Minute
	}
	if opt.Out == nil {
		opt.Out = io.Discard
	}
	clean := func() {}
	if opt.Work == "" {
		// Memory, where there is such a file system: the programs make many files.
		where := "/dev/shm"
		if _, err := os.Stat(where); err != nil {
			where = ""
		}
		dir, err := os.MkdirTemp(where, "progen-")
		if err != nil {
			return nil, nil, err
		}
		opt.Work = dir
		clean = func() { os.RemoveAll(dir) }
	}
	l, err := newLab(ctx, opt)
	if err != nil {
		clean()
		return nil, nil, err
	}
	s := &soak{opt: opt, lab: l, slots: make(chan *slot, opt.Jobs)}
	for i := range opt.Jobs {
		sl, err := newSlot(filepath.Join(opt.Work, fmt.Sprint("slot", i)))
		if err != nil {
			clean()
			return nil, nil, err
		}
		s.slots <- sl
	}
	return s, clean, nil
}

// packs builds packs and runs them; the next is built while one runs.
func (s *soak) packs(ctx context.Context, start time.Time) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type built struct {
		p    *pack
		took time.Duration
		err  error
	}
	ch := make(chan built)
	go func() {
		defer close(ch)
		for i, k := 0, 0; i < s.opt.N; k++ {
			n := min(s.opt.Pack, s.opt.N-i)
			began := time.Now()
			programs, err := s.lab.generate(s.opt.Seed+uint64(i), n)
			var p *pack
			if err == nil {
				p, err = s.lab.build(ctx, fmt.Sprint("pack", k%3), programs)
			}
			if err == nil {
				err = s.lab.trim()
			}
			select {
			case ch <- built{p, time.Since(began), err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
			i += n
		}
	}()
	around := outside()
	for b := range ch {
		if b.err != nil {
			return b.err
		}
		began := time.Now()
		if err := s.pack(ctx, b.p); err != nil {
			return err
		}
		if now := outside(); now != around {
			return fmt.Errorf("a program of the last pack, or somebody else, changed what lies outside of the programs' folders:\n%s\nwas\n%s", now, around)
		}
		t := &s.totals
		fmt.Fprintf(s.opt.Out, "seeds %d-%d: %d programs, %d rewritten, %d faults, %d failures, %d flaky, %.0f s (last pack: build %.1f s, run %.1f s)\n",
			t.Seed, t.Next-1, t.Programs, t.Rewritten, t.Faults, len(t.Failures), t.Flaky, time.Since(start).Seconds(),
			b.took.Seconds(), time.Since(began).Seconds())
		if s.opt.Limit > 0 && time.Since(start) > s.opt.Limit {
			break
		}
	}
	return ctx.Err()
}

// outside describes places that a program would reach first if it left its
// folder: what is in the machine's root, and who may use it.
func outside() string {
	var b strings.Builder
	list, _ := os.ReadDir("/")
	for _, e := range list {
		b.WriteString(e.Name() + " ")
	}
	for _, name := range []string{"/", "/dev", "/dev/null", "/tmp"} {
		if info, err := os.Stat(name); err == nil {
			fmt.Fprintf(&b, "%s %v ", name, info.Mode())
		}
	}
	return b.String()
}

// pack compares the programs of one pack, undisturbed and with faults.
func (s *soak) pack(ctx context.Context, p *pack) error {
	t := &s.totals
	t.Failures = append(t.Failures, p.failures...)
	t.Batches += p.batches
	t.Refused = append(t.Refused, p.refused...)
	t.Rewritten += len(p.rewritten)
	if ids := p.ids(); len(ids) > 0 {
		sl := <-s.slots
		v, err := sl.judge(ctx, p, ids, nil)
		s.slots <- sl
		if err != nil {
			return err
		}
		s.note(v)
		s.calls(v)
		bad := map[string]bool{}
		for _, f := range v.failures {
			bad[f.Program.ID] = true // more faults would say the same again
		}
		for id := range v.base {
			if bad[id] {
				delete(v.base, id)
			}
		}
		runs := plan(v.base, s.opt.Faults, rand.New(rand.NewPCG(p.programs[0].Seed, 7)))
		if err := s.faults(ctx, p, runs); err != nil {
			return err
		}
	}
	t.Programs += len(p.programs)
	t.Next += uint64(len(p.programs))
	return nil
}

// faults makes the runs of a plan, as many at a time as there are slots.
func (s *soak) faults(ctx context.Context, p *pack, runs []faultRun) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	var first error
	for _, r := range runs {
		sl := <-s.slots
		if ctx.Err() != nil {
			s.slots <- sl
			break
		}
		wg.Go(func() {
			v, err := sl.judge(ctx, p, r.ids, r.inject)
			s.slots <- sl
			if err == nil {
				s.note(v)
				return
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if first == nil && !errors.Is(err, context.Canceled) {
				first = err
			}
			cancel()
		})
	}
	wg.Wait()
	if first == nil {
		first = ctx.Err()
	}
	return first
}

// note adds up. Of several failures of one program the first is kept.
func (s *soak) note(v *verdict) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &s.totals
	t.Faults += v.faults
	t.Flaky += len(v.flaky)
	for _, f := range v.flaky {
		fmt.Fprintf(s.opt.Out, "flaky %s\n", f)
	}
	for _, f := range v.failures {
		known := false
		for _, g := range t.Failures {
			known = known || g.Program == f.Program
		}
		if !known {
			t.Failures = append(t.Failures, f)
			fmt.Fprintf(s.opt.Out, "seed %d differs %v\n", f.Program.Seed, f.Inject)
		}
	}
}

// calls counts what the originals called when nothing was made to fail.
func (s *soak) calls(v *verdict) {
	t := &s.totals
	if t.Kinds == nil {
		t.Kinds = map[string]int{}
	}
	for _, r := range v.base {
		for _, e := range r.calls {
			name, _ := e.Call()
			if name == "" || slices.Contains(rt.Reserved, name) {
				continue
			}
			t.Calls++
			t.Kinds[name]++
			if strings.Contains(e.Text, ") = -1 ") {
				t.Failed++
			}
		}
	}
}

// report makes failing programs smaller and writes about all of them.
func (s *soak) report(ctx context.Context) error {
	for i, f := range s.totals.Failures {
		if i < s.opt.Minimise && f.Program != nil {
			small, err := s.minimise(ctx, f)
			if err != nil {
				return err
			}
			f.Minimal = small
		}
		if s.opt.Failures == "" {
			continue
		}
		if err := os.MkdirAll(s.opt.Failures, 0o755); err != nil {
			return err
		}
		name := "rewriter.txt"
		if f.Program != nil {
			name = fmt.Sprintf("%s-%d.txt", f.Kind, f.Program.Seed)
		}
		if err := os.WriteFile(filepath.Join(s.opt.Failures, name), []byte(f.Write()), 0o644); err != nil {
			return err
		}
	}
	return nil
}
