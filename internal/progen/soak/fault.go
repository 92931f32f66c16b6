// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package soak

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/autobatch/autobatch/internal/progen/rt"
	"github.com/autobatch/autobatch/internal/traptest"
)

// errnos are what calls fail with.
var errnos = []string{"EIO", "ENOENT", "EINTR", "EAGAIN", "ENOSPC", "EACCES", "EEXIST", "EBADF"}

// counts are calls whose result is a number of bytes: they can also be made
// to return a small one without having done anything.
var counts = []string{"read", "write", "pread64", "pwrite64", "readlinkat", "getxattr", "sendfile", "copy_file_range"}

// untouched are calls that must not fail although traptest could make them fail:
// the runner's own, and those that the run-time system makes on every thread.
var untouched = append([]string{"gettid", "getpid", "readlink", "rt_sigprocmask", "eventfd2"}, rt.Reserved...)

// target is the n-th call of one name on a program's thread.
type target struct {
	name string
	n    int
}

// faultRun makes the same call fail in several programs at once.
type faultRun struct {
	ids    []string
	inject []string
}

// targets lists, for every call that can fail, the programs that make it.
func targets(base map[string]*result) map[target][]string {
	out := map[target][]string{}
	for id, r := range base {
		if r.exit == "timeout" {
			continue
		}
		for _, e := range r.calls {
			name, n := e.Call()
			if name != "" && traptest.Injectable(name) && !slices.Contains(untouched, name) {
				t := target{name, n}
				out[t] = append(out[t], id)
			}
		}
	}
	for _, ids := range out {
		slices.Sort(ids)
	}
	return out
}

// plan chooses about perProgram faults for each program, all its calls with
// the same likelihood. A call that many programs make fails alone in a run; of
// the others several fail in one run, each in the programs that make it, since
// it is the runs that take the time.
func plan(base map[string]*result, perProgram int, r *rand.Rand) []faultRun {
	ts := targets(base)
	keys := slices.SortedFunc(maps.Keys(ts), func(a, b target) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return a.n - b.n
	})
	left := map[string]int{}
	for id := range base {
		left[id] = perProgram
	}
	var out []faultRun
	for range 4 * len(errnos) {
		r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		var rare faultRun
		names := map[string]bool{} // of calls that fail in it
		before := len(out)
		for _, t := range keys {
			var ids []string
			for _, id := range ts[t] {
				if left[id] > 0 {
					ids = append(ids, id)
				}
			}
			for _, id := range ids {
				left[id]--
			}
			switch {
			case len(ids) == 0:
				continue
			case len(ids) > len(base)/6 && r.IntN(6) > 0:
				out = append(out, faultRun{ids, []string{t.with(r)}})
				continue
			case names[t.name] || len(names) == rareNames:
				out = append(out, rare)
				rare, names = faultRun{}, map[string]bool{}
			}
			names[t.name] = true
			rare.inject = append(rare.inject, t.with(r))
			rare.ids = append(rare.ids, ids...)
		}
		if len(rare.ids) > 0 {
			out = append(out, rare)
		}
		if len(out) == before {
			break
		}
	}
	for i := range out {
		slices.Sort(out[i].ids)
		out[i].ids = slices.Compact(out[i].ids)
	}
	return out
}

// rareNames is how many different calls that few programs make fail in one run.
const rareNames = 6

// with is the injection of some fault into the target.
func (t target) with(r *rand.Rand) string {
	action := "error=" + errnos[r.IntN(len(errnos))]
	if slices.Contains(counts, t.name) && r.IntN(3) == 0 {
		action = fmt.Sprintf("retval=%d", r.IntN(3))
	}
	if r.IntN(4) == 0 {
		// And every second, third or fourth one after it; not every one, or
		// loops that make an interrupted call again would never end.
		return fmt.Sprintf("%s:%s:when=%d+%d", t.name, action, t.n, 2+r.IntN(3))
	}
	return fmt.Sprintf("%s:%s:when=%d", t.name, action, t.n)
}
