// SPDX-License-Identifier: BSD-3-Clause

// Gen writes the loops that are measured: each body in each shape, with 8, 16
// and 32 lanes. Run it in the folder loops:
//
//	go run ./gen [-check]
package main

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"os"
	"strings"
)

func main() {
	check := flag.Bool("check", false, "fail if the files are not what would be written")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	files := map[string]string{"zoriginal_gen.go": originals()}
	for _, lanes := range []int{8, 16, 32} {
		for _, s := range shapes {
			if lanes == 16 || s.name == "Lookahead" {
				files[fmt.Sprintf("z%s%d_gen.go", strings.ToLower(s.name), lanes)] = file(s, lanes)
			}
		}
	}
	for name, text := range files {
		want, err := format.Source([]byte(text))
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", name, err, text)
		}
		if check {
			if have, err := os.ReadFile(name); err != nil || !bytes.Equal(have, want) {
				return fmt.Errorf("%s is not what gen writes (%v)", name, err)
			}
		} else if err := os.WriteFile(name, want, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// body is what a loop does. In its texts $1, $2 … are the calls or, in rewritten
// loops, their entries: ops[…]. LIST is what is ranged over, ITEM its element.
type body struct {
	name, comment string
	list          string // type of what is ranged over
	result        string // named results
	vars          string // before the loop
	local         string // declaration of a destination, if there is one
	arena         bool
	calls         []string // as the original makes them
	entries       []string // as a lane has them
	consume       string   // the rest of the body
	end           string   // the return behind the loop
}

var bodies = []body{
	{
		name: "Close", comment: "Descriptors that are not open: the cheapest call there is.",
		list: "[]int", result: "n int",
		calls:   []string{"unix.Close(ITEM)"},
		entries: []string{"batchrt.Close(ITEM).GoOn()"},
		consume: "if err := $1.Err(); err == nil {\nn++\n}\n",
		end:     "n",
	},
	{
		name: "Fstat", comment: "A cheap call with a local destination.",
		list: "[]int", result: "bytes int64, err error", local: "unix.Stat_t",
		calls:   []string{"unix.Fstat(ITEM, &st)"},
		entries: []string{"batchrt.Fstat(ITEM, &LOCAL)"},
		consume: "if err := $1.Err(); err != nil {\nreturn bytes, err\n}\nbytes += st.Size\n",
		end:     "bytes, nil",
	},
	{
		name: "Lstat", comment: "A path and a local destination.",
		list: "[]string", result: "bytes int64, err error", local: "unix.Stat_t", arena: true,
		calls:   []string{"unix.Lstat(ITEM, &st)"},
		entries: []string{"a.Lstat(ITEM, &LOCAL)"},
		consume: "if err := $1.Err(); err != nil {\nreturn bytes, err\n}\nbytes += st.Size\n",
		end:     "bytes, nil",
	},
	{
		name: "Chain", comment: "A chain of calls.",
		list: "[]string", result: "n int", arena: true,
		calls: []string{"unix.Open(ITEM, unix.O_RDONLY|unix.O_CLOEXEC, 0)", "unix.Fchmod(fd, 0o600)", "unix.Close(fd)"},
		entries: []string{"a.Open(ITEM, unix.O_RDONLY|unix.O_CLOEXEC, 0).Jump(2, 0, 0)",
			"batchrt.Fchmod(-1, 0o600).FD(%1).GoOn()", "batchrt.Close(-1).FD(%1).GoOn()"},
		consume: "_, err := $1.Int()\nif err != nil {\ncontinue\n}\nif err := $2.Err(); err == nil {\nn++\n}\n_ = $3.Err()\n",
		end:     "n",
	},
}

// original writes the loop as it was.
func (b *body) original() string {
	rest := strings.ReplaceAll(b.consume, "_, err := $1.Int()", "fd, err := $1.Int()")
	rest = strings.ReplaceAll(strings.ReplaceAll(rest, "_ = $3.Err()", "$3"), "$3.Err()", "$3")
	for i := len(b.calls); i > 0; i-- {
		for _, result := range []string{".Err()", ".Int()", ""} {
			rest = strings.ReplaceAll(rest, fmt.Sprintf("$%d%s", i, result), b.item(b.calls[i-1], "item", ""))
		}
	}
	local := ""
	if b.local != "" {
		local = "var st " + b.local + "\n"
	}
	return fmt.Sprintf("// %s\n//\n//go:noinline\nfunc original%s(list %s) (%s) {\nfor _, item := range list {\n%s%s}\nreturn %s\n}\n\n",
		b.comment, b.name, b.list, b.result, local, rest, b.end)
}

func (b *body) item(text, item, local string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "ITEM", item), "LOCAL", local)
}

// entry is the place of entry i (from 0) of the lane that v counts.
func (b *body) entry(v string, i int) string {
	switch m := len(b.entries); {
	case m == 1:
		return v
	case i == 0:
		return fmt.Sprintf("%d*%s", m, v)
	default:
		return fmt.Sprintf("%d*%s+%d", m, v, i)
	}
}

// fill writes the entries of the lane that v counts.
func (b *body) fill(v string) string {
	text := ""
	if b.local != "" {
		text += fmt.Sprintf("sts[%s] = %s{}\n", v, b.local)
	}
	for i, e := range b.entries {
		e = strings.ReplaceAll(b.item(e, "item", "sts["+v+"]"), "%1", b.entry(v, 0))
		text += fmt.Sprintf("ops[%s] = %s\n", b.entry(v, i), e)
	}
	return text
}

// rest writes what a lane does with its results.
func (b *body) rest(v, next string) string {
	text := ""
	if b.local != "" {
		text = fmt.Sprintf("st := sts[%s]\n", v)
	}
	text += strings.ReplaceAll(b.consume, "continue", next)
	for i := range b.entries {
		text = strings.ReplaceAll(text, fmt.Sprintf("$%d", i+1), "ops["+b.entry(v, i)+"]")
	}
	return text
}

// tables declares what lies beside the loop.
func (b *body) tables(lanes int) string {
	text := ""
	if b.arena {
		text += "var a batchrt.Arena\n"
	}
	text += fmt.Sprintf("var ops [%d]batchrt.Op\n", lanes*len(b.entries))
	if b.local != "" {
		text += fmt.Sprintf("var sts [%d]%s\n", lanes, b.local)
	}
	return text
}

func (b *body) reset() string {
	if b.arena {
		return "a.Reset()\n"
	}
	return ""
}

const header = `// SPDX-License-Identifier: BSD-3-Clause
// Code generated by gen. DO NOT EDIT.

package main

import (
	%s"golang.org/x/sys/unix"
)

`

const batchrtImport = "\"github.com/autobatch/autobatch/batchrt\"\n"

func originals() string {
	text := fmt.Sprintf(header, "")
	for _, b := range bodies {
		text += b.original()
	}
	return text
}

func file(s shape, lanes int) string {
	text := fmt.Sprintf(header, batchrtImport)
	for _, b := range bodies {
		if s.name == "Pointer" && b.local == "" {
			continue // the same as lookahead
		}
		text += fmt.Sprintf("//go:noinline\nfunc %s%s%d(list %s) (%s) {\n%sreturn %s\n}\n\n",
			strings.ToLower(s.name[:1])+s.name[1:], b.name, lanes, b.list, b.result, s.write(&b, lanes), b.end)
	}
	return text
}
