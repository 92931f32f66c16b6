// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package soak

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"time"
)

// cut is a piece of source that may be left out, or replaced by its body.
type cut struct {
	from, to int
	keep     [2]int // what stays of it, empty for nothing
}

// minimise looks for a smaller program that fails in the same way: statements
// and declarations are left out, large parts first, as long as some failure stays.
func (s *soak) minimise(ctx context.Context, f *Failure) (*Failure, error) {
	best := f
	deadline := time.Now().Add(s.opt.MinimiseLimit)
	for _, of := range []func(string) []cut{statements, declarations, statements} {
		for size := 1 << 20; size >= 1 && time.Now().Before(deadline); {
			cuts := of(best.Program.Source)
			size = min(size, (len(cuts)+1)/2)
			if size < 1 {
				break
			}
			next, err := s.smaller(ctx, best, cuts, size)
			if err != nil {
				if ctx.Err() == nil {
					// What has been found is still worth telling.
					fmt.Fprintf(s.opt.Out, "seed %d: not made smaller any further: %v\n", f.Program.Seed, err)
					break
				}
				return nil, err
			}
			if next != nil {
				best = next
				fmt.Fprintf(s.opt.Out, "seed %d: %d lines left\n", f.Program.Seed, strings.Count(best.Program.Source, "\n"))
				continue
			}
			size /= 2
		}
	}
	if best == f {
		return nil, nil
	}
	return best, nil
}

// smaller tries to leave out each run of size cuts, and then as many of the
// runs that can go as can go together. It returns nil when none can.
func (s *soak) smaller(ctx context.Context, f *Failure, cuts []cut, size int) (*Failure, error) {
	const most = 24 // candidates at a time
	for begin := 0; begin < len(cuts); begin += most * size {
		var sets [][]cut
		for i := begin; i < min(begin+most*size, len(cuts)); i += size {
			sets = append(sets, cuts[i:min(i+size, len(cuts))])
		}
		found, err := s.try(ctx, f, sets)
		if err != nil {
			return nil, err
		}
		var good []int
		for i, g := range found {
			if g != nil {
				good = append(good, i)
			}
		}
		if len(good) == 0 {
			continue
		}
		// All at once, the first half, ..., at last one alone, which is known to work.
		var together [][]cut
		for n := len(good); n > 1; n /= 2 {
			var all []cut
			for _, i := range good[:n] {
				all = append(all, sets[i]...)
			}
			together = append(together, all)
		}
		more, err := s.try(ctx, f, together)
		if err != nil {
			return nil, err
		}
		for _, g := range more {
			if g != nil {
				return g, nil
			}
		}
		return found[good[0]], nil
	}
	return nil, nil
}

// try makes one candidate of each set of cuts and returns the failures of
// those that still fail.
func (s *soak) try(ctx context.Context, f *Failure, sets [][]cut) ([]*Failure, error) {
	out := make([]*Failure, len(sets))
	var programs []*Program
	at := map[string]int{}
	seen := map[string]bool{}
	for i, set := range sets {
		src, err := s.lab.checker.Repair(without(f.Program.Source, set))
		if err != nil || len(src) >= len(f.Program.Source) || seen[src] {
			continue
		}
		seen[src] = true
		id := fmt.Sprint("p", i)
		at[id] = i
		programs = append(programs, &Program{ID: id, Seed: f.Program.Seed, Source: src})
	}
	if len(programs) == 0 {
		return out, nil
	}
	p, err := s.lab.build(ctx, "minimise", programs)
	if err != nil {
		return nil, err
	}
	if f.Kind != "difference" {
		for _, g := range p.failures {
			if g.Program != nil && g.Kind == f.Kind {
				out[at[g.Program.ID]] = g
			}
		}
		return out, nil
	}
	ids := p.ids()
	if len(ids) == 0 {
		return out, nil
	}
	sl := <-s.slots
	defer func() {
		sl.limit = usualLimit
		s.slots <- sl
	}()
	if !f.hangs() {
		sl.limit = shortLimit
	}
	v, err := sl.judge(ctx, p, ids, nil)
	if err != nil {
		return nil, err
	}
	if len(f.Inject) == 0 {
		for _, g := range v.failures {
			if g.hangs() == f.hangs() {
				out[at[g.Program.ID]] = g
			}
		}
		return out, nil
	}
	return out, s.tryFaults(ctx, sl, f, p, v, func(g *Failure) {
		if i := at[g.Program.ID]; out[i] == nil && g.hangs() == f.hangs() {
			out[i] = g
		}
	})
}

// hangs says whether one of the two programs does not end.
func (f *Failure) hangs() bool { return strings.Contains(f.Detail, "exit timeout\n") }

// tryFaults repeats the failure's faults. In a smaller program the call may
// have another number, so all are tried.
func (s *soak) tryFaults(ctx context.Context, sl *slot, f *Failure, p *pack, v *verdict, found func(*Failure)) error {
	ts := targets(v.base)
	for _, inject := range f.Inject {
		name, rest, _ := strings.Cut(inject, ":")
		action, when, _ := strings.Cut(rest, ":")
		_, step, repeated := strings.Cut(when, "+")
		if repeated {
			step = "+" + step
		}
		last := 0
		for t := range ts {
			if t.name == name {
				last = max(last, t.n)
			}
		}
		for n := 1; n <= last; n++ {
			ids := ts[target{name, n}]
			if len(ids) == 0 {
				continue
			}
			w, err := sl.judge(ctx, p, ids, []string{fmt.Sprintf("%s:%s:when=%d%s", name, action, n, step)})
			if err != nil {
				return err
			}
			for _, g := range w.failures {
				found(g)
			}
		}
	}
	return nil
}

// parsed is a program's tree and how to get from positions to offsets.
func parsed(src string) (*ast.File, func(token.Pos) int) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "main.go", src, parser.SkipObjectResolution)
	if err != nil {
		return &ast.File{}, nil
	}
	return f, func(p token.Pos) int { return fset.Position(p).Offset }
}

// declarations lists the declarations that can be left out.
func declarations(src string) []cut {
	f, off := parsed(src)
	var cuts []cut
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name != "main" && d.Name.Name != "Program" {
				cuts = append(cuts, cut{from: off(d.Pos()), to: off(d.End())})
			}
		case *ast.GenDecl:
			if d.Tok == token.VAR {
				for _, sp := range d.Specs {
					cuts = append(cuts, cut{from: off(sp.Pos()), to: off(sp.End())})
				}
			}
		}
	}
	return cuts
}

// statements lists the statements that can be left out or replaced by their
// bodies: those of Program first, outer ones before inner ones.
func statements(src string) []cut {
	f, off := parsed(src)
	var cuts []cut
	whole := func(n ast.Node) { cuts = append(cuts, cut{from: off(n.Pos()), to: off(n.End())}) }
	body := func(n ast.Node, b *ast.BlockStmt) {
		cuts = append(cuts, cut{off(n.Pos()), off(n.End()), [2]int{off(b.Lbrace) + 1, off(b.Rbrace)}})
	}
	list := func(stmts []ast.Stmt) {
		for _, st := range stmts {
			whole(st)
			switch x := st.(type) {
			case *ast.BlockStmt:
				body(x, x)
			case *ast.IfStmt:
				if x.Init == nil {
					body(x, x.Body)
				}
				if x.Else != nil {
					cuts = append(cuts, cut{from: off(x.Body.End()), to: off(x.Else.End())})
				}
			case *ast.ForStmt:
				body(x, x.Body)
			case *ast.RangeStmt:
				body(x, x.Body)
			}
		}
	}
	for _, d := range slices.Backward(f.Decls) {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "main" {
			continue
		}
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BlockStmt:
				if len(n.List) > 0 {
					if _, isCase := n.List[0].(*ast.CaseClause); !isCase {
						list(n.List)
					}
				}
			case *ast.CaseClause:
				whole(n)
				list(n.Body)
			}
			return true
		})
	}
	return cuts
}

// without is src without the cuts, empty lines and comments. Of nested cuts
// the outer one counts.
func without(src string, cuts []cut) string {
	cuts = slices.Clone(cuts)
	slices.SortStableFunc(cuts, func(a, b cut) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return b.to - a.to
	})
	var b strings.Builder
	at := 0
	for _, c := range cuts {
		if c.from < at {
			continue
		}
		b.WriteString(src[at:c.from])
		b.WriteString(src[c.keep[0]:c.keep[1]])
		at = c.to
	}
	b.WriteString(src[at:])
	var lines []string
	for _, l := range strings.Split(b.String(), "\n") {
		if t := strings.TrimSpace(l); t != "" && !strings.HasPrefix(t, "//") {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}
