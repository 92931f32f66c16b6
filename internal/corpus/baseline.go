// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"fmt"
	"go/ast"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/autobatch/autobatch/plan"
)

// buildBaseline builds the batchfix of another commit, out of a clone that is
// thrown away with the copies.
func (c *corpus) buildBaseline(ctx context.Context) error {
	if c.baseline == "" {
		return nil
	}
	dir := filepath.Join(c.work, "baseline")
	c.firstTool = filepath.Join(c.work, "bin", "batchfix-baseline")
	for _, step := range [][]string{
		{"git", "clone", "--quiet", "--shared", "--no-checkout", c.root, dir},
		{"git", "-C", dir, "checkout", "--quiet", "--detach", c.baseline},
		{"go", "build", "-C", dir, "-o", c.firstTool, "./cmd/batchfix"},
	} {
		// The clone's own workspace ties its modules together.
		if out, err := c.command(ctx, c.work, []string{"GOWORK="}, step...); err != nil {
			return fmt.Errorf("building the tool of %s: %w\n%s", c.baseline, err, out)
		}
	}
	return nil
}

// askBaseline compares the other commit's tool with the list.
func (c *corpus) askBaseline(ctx context.Context, r *result) error {
	if c.firstTool == "" {
		return nil
	}
	args := append([]string{c.firstTool, "-explain"}, r.Packages...)
	out, err := c.stdout(ctx, r.copy, r.env(), args...)
	if err != nil {
		return fmt.Errorf("the tool of %s: %w", c.baseline, err)
	}
	found := parseReport(string(out))
	for i := range found {
		if x := &found[i]; x.Reason == "" {
			f, err := parseFile(r.copy, x.File)
			if err != nil {
				return err
			}
			x.resolve(f)
		}
	}
	r.First = compare(r.copy, r.module.Sites, found)
	return nil
}

// resolve finds the lines of a group's calls after the first: each is the
// next by its name in the statements of the same list, blocks inside them and
// deferred calls aside.
func (x *finding) resolve(f source) {
	var list []ast.Stmt // the innermost that holds the first call
	ast.Inspect(f.File, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			list = f.narrower(list, n.List, x.Line)
		case *ast.CaseClause:
			list = f.narrower(list, n.Body, x.Line)
		case *ast.CommClause:
			list = f.narrower(list, n.Body, x.Line)
		}
		return true
	})
	next := 0
	for _, st := range list {
		if f.endLine(st) < x.Line {
			continue
		}
		ast.Inspect(st, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BlockStmt, *ast.FuncLit, *ast.DeferStmt, *ast.GoStmt:
				return false
			case *ast.CallExpr:
				if next < len(x.Calls) && calleeName(n) == x.Calls[next].Name && (next > 0 || f.line(n) == x.Line) {
					x.Calls[next].Line = f.line(n)
					next++
				}
			}
			return true
		})
	}
	x.Calls = x.Calls[:next]
}

// narrower is list if the line is among its statements, and old otherwise. The
// lists are met from the outside to the inside.
func (f source) narrower(old, list []ast.Stmt, line int) []ast.Stmt {
	if len(list) > 0 && f.line(list[0]) <= line && line <= f.endLine(list[len(list)-1]) {
		return list
	}
	return old
}

// parseReport reads what batchfix -explain prints:
//
//	dir/f.go:12:3: 2 calls can share one crossing: Stat, Stat
//	dir/f.go:20:3: Stat is not batched with the Stat before it: ... [data]
func parseReport(text string) []finding {
	var list []finding
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		file, rest, ok := strings.Cut(line, ".go:")
		at, rest, ok2 := strings.Cut(rest, ":")
		_, msg, ok3 := strings.Cut(rest, ": ")
		n, err := strconv.Atoi(at)
		if !ok || !ok2 || !ok3 || err != nil {
			continue
		}
		x := finding{File: file + ".go", Line: n, Text: msg}
		if _, names, ok := strings.Cut(msg, " calls can share one crossing: "); ok {
			for i, name := range strings.Split(names, ", ") {
				call := siteCall{Name: name}
				if i == 0 {
					call.Line = n
				}
				x.Calls = append(x.Calls, call)
			}
			list = append(list, x)
			continue
		}
		if i := strings.LastIndex(msg, " ["); i >= 0 && strings.HasSuffix(msg, "]") {
			x.Text, x.Reason = msg[:i], plan.Reason(strings.TrimSuffix(msg[i+2:], "]"))
			list = append(list, x)
		}
	}
	return list
}
