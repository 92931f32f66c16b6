// SPDX-License-Identifier: BSD-3-Clause

package gen

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"testing"
)

// forms are what programs must hold often enough: each transform of the
// rewriter, and each thing that it has to mind, by what it looks like in source.
var forms = []struct{ name, pattern string }{
	// How loops go round.
	{"range over a slice", `for _, \w+ := range ps`},
	{"range with index", `for \w+, \w+ := range \w+ \{`},
	{"range over an array", `:= \[\d+\]string\(util\.Names`},
	{"range over a pointer to an array", `range &\w+`},
	{"range over a number", `for \w+ := range \d+ \{`},
	{"range over a length", `for \w+ := range len\(`},
	{"range without variables", `for range \d+ \{`},
	{"range over a string", `range "a`},
	{"range over a map", `range map\[string\]`},
	{"range over a map that shrinks", `delete\(\w+, `},
	{"range over a channel", `range util\.Chan\(`},
	{"range over a function", `range (slices\.(All|Values|Backward)|util\.(Each|Noisy))\(`},
	{"classic loop", `for \w+ := 0; \w+ < len\(\w+\); \w+\+\+`},
	{"backwards", `for \w+ := len\(\w+\) - 1; \w+ >= 0; \w+--`},
	{"by two", `\w+ \+= 2 \{`},
	{"two variables", `for \w+, \w+ := 0, len\(`},
	{"without condition", `for \w+ := 0; ; \w+\+\+`},
	{"while", `for \w+ < len\(\w+\) \{`},
	{"queue", `for len\(\w+\) > 0 \{`},
	{"at least once", `for ok := true; ok; ok =`},
	{"linked list", `for \w+ := (&gbox|gbox\.next); \w+ != nil; \w+ = \w+\.next`},
	{"loop made of goto", `goto L\d+`},
	{"variable declared outside", `for _, \w+ = range`},
	{"no round", `util\.(Names|New|Ints)\(0[,)]|boxes\(0\)`},
	{"15 rounds", `[( ]15[), ]`}, {"16 rounds", `[( ]16[), ]`}, {"17 rounds", `[( ]17[), ]`},
	{"31 rounds", `[( ]31[), ]`}, {"32 rounds", `[( ]32[), ]`}, {"33 rounds", `[( ]33[), ]`},
	// What is in them.
	{"continue with label", `continue L\d+`},
	{"break with label", `break L\d+`},
	{"goto the end", `goto out\d+`},
	{"destination by index", `&\w+\[\w+\]\)`},
	{"destination used again and again", `&\w+\[\w+&3\]`},
	{"last element", `&\w+\[len\(\w+\)-1\]`},
	{"reduction", `\w+ \+= \w+\.Size`},
	{"append", `out\d* = append\(`},
	{"captured", `fns\d+ = append\(`},
	{"pointer kept", `ptrs\d+ = append\(`},
	{"interrupted calls", `retried\(func\(\) error`},
	{"interrupted loop", `== \w+\.EINTR \{\n\s*continue`},
	{"search", `found\d* = \w+\n\s*break`},
	{"list changed", `\w+\[len\(\w+\)-1\] = "`},
	{"list shortened", `= \w+\[:len\(\w+\)-1\]`},
	{"list grows", `if len\(\w+\) < 20`},
	{"division in a round", `\+= 100 / \(\d+ - `},
	{"index out of range in a round", `util\.Names\(\d+\)\[`},
	{"nil pointer in a round", `boxps\(40, `},
	{"assertion in a round", `\[\w+&3\]\.\(string\)`},
	{"recovered in a round", `if recover\(\) != nil`},
	{"folder in folder", `gfd = dir`},
	{"what is read becomes the path", `gpath = "\./" \+ string\(gbuf`},
	{"exit by data", `if \w+(\[\w+\])?\.Size (==|>) \d+ \{`},
	{"slice of a buffer", `\[8\*\w+:8\*\(\w+\+1\)\]`},
	{"in another thread", `rt\.Go\(func\(\) \{`},
	{"opened and closed", `Openat\(\w+\.AT_FDCWD, [^"]`},
	// Code between calls.
	{"joined", `filepath\.Join\(`},
	{"formatted", `fmt\.Sprintf\("`},
	{"converted", `strconv\.Itoa\(`},
	{"concatenated", `:= "\./" \+ `},
	{"other package's", `util\.(Here|Digits|Mode|Twice|Depth)\(`},
	{"other package's, with effects", `util\.(Say|Tick|Current|Known)\(`},
	{"shown with effects", `util\.Shown\{`},
	{"map read", `gmap\["a"\]`},
	{"maybe-nil pointer", `:= \w+\.(Names\[0\]|Next\.Names\[0\]|N|Size|Mode)\n`},
	{"makes calls itself", `(os\.Lstat|filepath\.Abs)\(`},
	{"recursion", `fact\(`},
	// Conditions.
	{"option", `if !?\(?&?\w+\)?\.(NoDelay|Sync) \{`},
	{"maybe no option", ` != nil && \w+\.Sync`},
	{"depends on a call", `if \w+\.(Size > 20|Mode&0o111 != 0|Nlink == 1) \{`},
	{"as long as nothing failed", `if \w+ == nil( && .*)? \{\n\s*(_, )?\w+ = `},
	// Flow.
	{"size to a length", `Truncate\([^\n]*\.Size`},
	{"mode to a mode", `Chmod\([^\n]*\.Mode\&0o777`},
	{"owner to an owner", `Lchown\([^\n]*int\(\S+\.Uid\)`},
	{"count to a length", `\[:max\(n, 0\)\]`},
	{"offset from the end", `, end/2\)`},
	{"descriptor that nothing else reads", `fd, _ := `},
	{"chain where it succeeded", `if fd, err := \w+\.\w+\([^\n]*\); err == nil \{`},
	{"the same descriptor again", `fd, err = \w+\.Dup\(fd\)`},
	// Errors that go on at once.
	{"dressed", `NewSyscallError\("call", \w+\.`},
	{"appended at once", `= append\(\w+, \w+\.\w+\([^\n]*\)\)`},
	{"sent", `sent\d* <- \w+\.`},
	{"unordered numbers", `gnan`},
}

// TestCovers: the generator writes everything that it is there to write.
func TestCovers(t *testing.T) {
	const programs = 1500
	n := make([]int, len(forms))
	res := make([]*regexp.Regexp, len(forms))
	for i, f := range forms {
		res[i] = regexp.MustCompile(f.pattern)
	}
	nested, deferred := 0, 0
	for seed := range uint64(programs) {
		src := Generate(seed)
		for i, re := range res {
			if re.MatchString(src) {
				n[i]++
			}
		}
		a, b := loopsIn(t, src)
		nested += a
		deferred += b
	}
	for i, f := range forms {
		if n[i] < 8 {
			t.Errorf("%s: in %d programs of %d", f.name, n[i], programs)
		}
	}
	if nested < 50 || deferred < 50 {
		t.Errorf("%d nested loops, %d loops with defers", nested, deferred)
	}
}

// loopsIn counts loops in loops and loops with defers.
func loopsIn(t *testing.T, src string) (nested, deferred int) {
	f, err := parser.ParseFile(token.NewFileSet(), "p.go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	isLoop := func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return true
		}
		return false
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if !isLoop(n) {
			return true
		}
		ast.Inspect(n, func(m ast.Node) bool {
			switch m.(type) {
			case *ast.DeferStmt:
				deferred++
			case *ast.FuncLit:
				return false
			}
			if m != n && isLoop(m) {
				nested++
			}
			return true
		})
		return true
	})
	return nested, deferred
}
