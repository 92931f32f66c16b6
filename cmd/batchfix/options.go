// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/autobatch/autobatch/analyzer"
)

// runtimePath is the module (and package) that rewritten code imports.
const runtimePath = "github.com/autobatch/autobatch/batchrt"

const usageText = `usage: batchfix [-w | -d | -l] [flags] packages

Finds system calls that can share one kernel crossing and rewrites Go packages
so that they do. Without a mode it reports what it would rewrite.

Modes:
  -w            rewrite the sources (and go.mod and go.sum where they must change)
  -d            print what -w would do as a unified diff
  -l            list the files that -w would rewrite

Flags:
  -C dir        work in dir
  -assume list  relax the rules of these names: prints, unmapped, unshared
                (docs/remarks.md says what may be observed then)
  -batchrt dir  where the module does not require batchrt yet: use the local copy in dir
  -check        exit with status 3 when something could be batched; not with -w
  -cost         say what each group is estimated to save and to cost
  -explain      say of every near miss what stands in the way, and what could be done
  -hot percent  with -pgo: only groups with at least so much of the samples
  -min n        smallest number of calls that is worth a batch (default 2)
  -pgo file     a CPU profile: groups are listed by how much of it is theirs
  -tags list    build tags, comma-separated
  -tests        handle _test.go files too
  -upgrade      let the batchrt requirement change go, toolchain and godebug lines and
                other versions in go.mod
  -version      print the version

Exit status: 0 done, 1 error, 2 usage, 3 (-check) something could be batched.
`

// options is the command line.
type options struct {
	write, diff, list bool
	explain, check    bool
	cost              bool
	assume            []string
	pgo               string
	hot               float64
	tests, upgrade    bool
	version           bool
	min               int
	dir, tags         string
	batchrt           string
	patterns          []string
}

// errUsage is returned for a command line that is wrong; what is wrong has
// been said.
var errUsage = errors.New("usage")

func parse(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	fs := flag.NewFlagSet("batchfix", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // the flag package would print its own list
	fs.BoolVar(&o.write, "w", false, "")
	fs.BoolVar(&o.diff, "d", false, "")
	fs.BoolVar(&o.list, "l", false, "")
	fs.BoolVar(&o.explain, "explain", false, "")
	fs.BoolVar(&o.check, "check", false, "")
	fs.BoolVar(&o.cost, "cost", false, "")
	fs.Func("assume", "", func(s string) error {
		o.assume = strings.FieldsFunc(s, func(r rune) bool { return r == ',' })
		return analyzer.CheckAssumptions(o.assume)
	})
	fs.StringVar(&o.pgo, "pgo", "", "")
	fs.Float64Var(&o.hot, "hot", 0, "")
	fs.BoolVar(&o.tests, "tests", false, "")
	fs.BoolVar(&o.upgrade, "upgrade", false, "")
	fs.BoolVar(&o.version, "version", false, "")
	fs.IntVar(&o.min, "min", 2, "")
	fs.StringVar(&o.dir, "C", "", "")
	fs.StringVar(&o.tags, "tags", "", "")
	fs.StringVar(&o.batchrt, "batchrt", "", "")

	wrong := func(format string, args ...any) (*options, error) {
		fmt.Fprintf(stderr, "batchfix: "+format+"\n(batchfix -h lists the flags)\n", args...)
		return nil, errUsage
	}
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, err
		}
		return wrong("%v", err)
	}
	o.patterns = fs.Args()
	if len(o.patterns) == 0 {
		o.patterns = []string{"."}
	}
	for _, p := range o.patterns {
		if len(p) > 1 && p[0] == '-' {
			return wrong("flag %s stands after the packages: put flags first", p)
		}
	}
	modes := 0
	for _, m := range []bool{o.write, o.diff, o.list} {
		if m {
			modes++
		}
	}
	switch {
	case modes > 1:
		return wrong("-w, -d and -l exclude each other: give one of them")
	case o.check && o.write:
		return wrong("-check tells that something is left to do and -w does it: give one of them")
	case o.hot != 0 && o.pgo == "":
		return wrong("-hot needs a profile: -pgo cpu.pprof")
	case o.hot < 0 || o.hot > 100:
		return wrong("-hot %g: it is a percentage, from 0 to 100", o.hot)
	case o.min < 2:
		return wrong("-min %d: a batch has at least 2 calls", o.min)
	}
	return o, o.resolve(wrong)
}

// resolve makes the directories absolute and looks whether they are there.
func (o *options) resolve(wrong func(string, ...any) (*options, error)) error {
	dir, err := filepath.Abs(o.dir)
	if err == nil {
		// The go command reports files below the resolved directory.
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		_, err = wrong("-C: %v", err)
		return err
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		_, err = wrong("-C %s: not a directory", o.dir)
		return err
	}
	o.dir = dir
	if o.pgo != "" && !filepath.IsAbs(o.pgo) {
		o.pgo = filepath.Join(dir, o.pgo)
	}
	if o.batchrt == "" {
		return nil
	}
	local := o.batchrt
	if !filepath.IsAbs(local) {
		local = filepath.Join(dir, local)
	}
	data, err := os.ReadFile(filepath.Join(local, "go.mod"))
	if err != nil {
		_, err = wrong("-batchrt must name a copy of module %s: %v", runtimePath, err)
		return err
	}
	if path := modfile.ModulePath(data); path != runtimePath {
		_, err = wrong("-batchrt %s: holds module %q, not %s", o.batchrt, path, runtimePath)
		return err
	}
	o.batchrt = filepath.Clean(local)
	return nil
}
